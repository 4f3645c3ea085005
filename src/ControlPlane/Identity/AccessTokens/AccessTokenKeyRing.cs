using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Movento.ControlPlane.Identity.AccessTokens;

/// <summary>
/// The keys of access tokens, named by their RFC 7638 thumbprint: at any moment one signs, and those verify whose tokens may still live. A rotation replaces
/// them while the process runs. What a key is for follows from the clock alone, so processes that hold the same keys agree without a word.
/// </summary>
public sealed class AccessTokenKeyRing
{
    /// <summary>The object identifier of the curve P-256 (RFC 5480 §2.1.1.1).</summary>
    private const string P256 = "1.2.840.10045.3.1.7";

    private readonly TimeSpan _lifetime;
    private volatile Entry[] _entries;

    /// <param name="keys">See <see cref="ControlPlaneOptions.AccessTokenKeys"/>.</param>
    /// <param name="lifetime">How long a token lives: as long as a key verifies after its last one.</param>
    /// <exception cref="ArgumentException">There is none, or one is no key.</exception>
    public AccessTokenKeyRing(IReadOnlyList<AccessTokenKey> keys, TimeSpan lifetime)
    {
        _lifetime = lifetime;
        _entries = Entries(keys, []);
    }

    /// <summary>Puts other keys in their place. One that is not among them verifies nothing any more.</summary>
    /// <exception cref="ArgumentException">There is none, or one is no key.</exception>
    public void Replace(IReadOnlyList<AccessTokenKey> keys) => _entries = Entries(keys, _entries);

    /// <summary>The ids of the keys that verify, the one that signs first.</summary>
    public IReadOnlyList<string> IdsAt(DateTimeOffset now) => [.. LivingAt(now).OrderByDescending(entry => entry == SigningEntry(now)).Select(entry => entry.Public.Kid)];

    /// <summary>What signs now.</summary>
    public SigningCredentials SigningAt(DateTimeOffset now) => SigningEntry(now).Signing;

    /// <summary>The key of that id, if it verifies now.</summary>
    public SecurityKey? FindAt(string? kid, DateTimeOffset now) => LivingAt(now).FirstOrDefault(entry => entry.Public.Kid == kid)?.Verifying;

    /// <summary>Every key that verifies now or will.</summary>
    internal IReadOnlyList<PublicJsonWebKey> PublicKeysAt(DateTimeOffset now) => [.. LivingAt(now).Select(entry => entry.Public)];

    /// <summary>The id of a key: its thumbprint (RFC 7638).</summary>
    public static string IdOf(string pem)
    {
        using var key = Import(pem);
        return PublicJsonWebKey.Of(key).Kid;
    }

    /// <exception cref="ArgumentException">Not PEM, not a key for elliptic curves, another curve, or only the public half.</exception>
    /// <exception cref="CryptographicException">The key itself is broken.</exception>
    public static ECDsa Import(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.ExportParameters(includePrivateParameters: true).Curve.Oid.Value != P256)
                throw new ArgumentException("The curve is not P-256.", nameof(pem));
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>When a key ends that stopped to sign as another one began: its last token has expired on every clock.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset successorSignsFrom, TimeSpan lifetime) => successorSignsFrom + lifetime + 2 * AccessTokenValidation.ClockSkew;

    // Those are over whose successor has signed for longer than a token lives. All that always have signed are one generation.
    private IEnumerable<Entry> LivingAt(DateTimeOffset now)
    {
        var entries = _entries;
        return entries.Where(entry => !entries.Any(other =>
            other.SignsFrom is { } began && (entry.SignsFrom is not { } own || began > own) && EndOf(began, _lifetime) <= now));
    }

    private Entry SigningEntry(DateTimeOffset now)
    {
        var entries = _entries;
        var signing = entries[0];
        foreach (var entry in entries)
            if (Began(entry) <= now && (Began(signing) > now || Began(entry) > Began(signing)))
                signing = entry;
        return signing;

        static DateTimeOffset Began(Entry entry) => entry.SignsFrom ?? DateTimeOffset.MinValue;
    }

    private static Entry[] Entries(IReadOnlyList<AccessTokenKey> keys, Entry[] before)
    {
        if (keys.Count == 0) throw new ArgumentException("There is no key to sign access tokens with.", nameof(keys));
        return [.. keys.Select(key =>
        {
            var imported = Import(key.Pem);
            var named = PublicJsonWebKey.Of(imported);
            // A key that stays is the same object: what verifies with it now goes on.
            if (Array.Find(before, entry => entry.Public == named) is { } known)
            {
                imported.Dispose();
                return known with { SignsFrom = key.SignsFrom };
            }

            return new Entry(
                named,
                new SigningCredentials(new ECDsaSecurityKey(imported) { KeyId = named.Kid }, SecurityAlgorithms.EcdsaSha256),
                named.ToSecurityKey(),
                key.SignsFrom);
        })];
    }

    private sealed record Entry(PublicJsonWebKey Public, SigningCredentials Signing, SecurityKey Verifying, DateTimeOffset? SignsFrom);
}
