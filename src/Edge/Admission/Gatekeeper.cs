using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Movento.Edge.Admission.CommonAccess;

namespace Movento.Edge.Admission;

/// <summary>Says whether a token opens a URL to who asks. No I/O; nothing is allocated for a token that is remembered.</summary>
internal sealed class Gatekeeper(PlaybackKeys keys, RevokedSessions revoked, AdmissionOptions options, TimeProvider time)
{
    private readonly Visitors _visitors = new(options);

    private volatile Checks _checks = new(keys.Ring, options.RememberedTokens);

    /// <summary>Who asks for the URL of <paramref name="target"/>.</summary>
    public Visitor Look(HttpContext context, in EdgeUrl url, ReadOnlySpan<char> target) =>
        _visitors.Read(context, target, hasToken: !url.Token.IsEmpty);

    /// <summary>Null where the request may go on, with what it was let in with; else why not.</summary>
    public EdgeOutcome? Refuse(in EdgeUrl url, in Visitor visitor, out Admitted admitted)
    {
        admitted = default;

        // :: Step 1 — the keys of the moment. What an earlier ring found good must show it again.
        var checks = _checks;
        if (!ReferenceEquals(checks.Ring, keys.Ring)) _checks = checks = new Checks(keys.Ring, options.RememberedTokens);

        // :: Step 2 — the token, remembered or checked
        var token = url.Token.IsEmpty ? visitor.Token : url.Token;
        var now = time.GetUtcNow();
        var hash = VerifiedTokens.HashOf(token);
        if (checks.Remembered.Find(token, hash) is not { } grant)
        {
            if (checks.Verify(token, hash, now, out grant) is { } refusal) return refusal;
            checks.Remembered.Remember(grant!);
        }

        // :: Step 3 — what it opens, when, to whom, and whether that was taken back
        if (now >= grant!.Expires) return EdgeOutcome.TokenExpired;
        if (grant.Refuse(url, visitor, now) is { } closed) return closed;
        if (revoked.Contains(grant.Admitted.Session) || revoked.Contains(grant.SignIn) || revoked.Contains(url.Asset.Value)) return EdgeOutcome.Revoked;
        admitted = grant.Admitted;
        return null;
    }

    /// <summary>What goes with one key ring.</summary>
    private sealed class Checks(PlaybackKeyRing ring, int capacity)
    {
        // The first six bits of a playback token, whose first byte is its version; a CBOR Web Token begins with its tag, 0xD8.
        private const char PlaybackTokenStart = 'A';

        private readonly PlaybackTokenVerifier _playback = new(ring);
        private readonly CommonAccessVerifier _commonAccess = new(ring.CommonAccessTokenKeys);

        public PlaybackKeyRing Ring => ring;

        public VerifiedTokens Remembered { get; } = new(capacity);

        public EdgeOutcome? Verify(ReadOnlySpan<char> token, int hash, DateTimeOffset now, out Grant? grant)
        {
            grant = null;
            if (token.Length > 0 && token[0] != PlaybackTokenStart)
            {
                if (_commonAccess.Verify(token, now, out var read) is { } refusal) return refusal;
                grant = new CommonAccessGrant(token.ToString(), hash, read!);
                return null;
            }

            switch (_playback.Verify(token, now, out var claims))
            {
                case PlaybackTokenOutcome.Valid:
                    grant = new PlaybackGrant(token.ToString(), hash, claims);
                    return null;
                case PlaybackTokenOutcome.UnknownKey: return EdgeOutcome.TokenUnknownKey;
                case PlaybackTokenOutcome.Forged: return EdgeOutcome.TokenForged;
                case PlaybackTokenOutcome.Expired: return EdgeOutcome.TokenExpired;
                default: return EdgeOutcome.TokenMalformed;
            }
        }
    }
}
