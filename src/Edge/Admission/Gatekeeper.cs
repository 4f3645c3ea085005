using Movento.Contracts;

namespace Movento.Edge.Admission;

/// <summary>Says whether the token of a URL opens it.</summary>
internal sealed class Gatekeeper(PlaybackTokenVerifier verifier, TimeProvider time)
{
    /// <summary>Null where the token opens the URL, else why it does not. No I/O, no allocation.</summary>
    public EdgeOutcome? Refuse(in EdgeUrl url) => verifier.Verify(url.Token, time.GetUtcNow(), out var claims) switch
    {
        PlaybackTokenOutcome.Valid when claims.Asset != url.Asset => EdgeOutcome.TokenOfAnotherAsset,
        PlaybackTokenOutcome.Valid when claims.Scope == PlaybackScope.Pictures && url.File != EdgeFile.Poster => EdgeOutcome.TokenOutOfScope,
        PlaybackTokenOutcome.Valid => null,
        PlaybackTokenOutcome.UnknownKey => EdgeOutcome.TokenUnknownKey,
        PlaybackTokenOutcome.Forged => EdgeOutcome.TokenForged,
        PlaybackTokenOutcome.Expired => EdgeOutcome.TokenExpired,
        _ => EdgeOutcome.TokenMalformed,
    };
}
