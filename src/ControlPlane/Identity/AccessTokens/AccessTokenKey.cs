namespace Movento.ControlPlane.Identity.AccessTokens;

/// <summary>A private key of access tokens, and since when it signs: of several, the one that began last. The ones before it verify until their tokens have
/// expired.</summary>
/// <param name="Pem">P-256, in PEM (PKCS #8 or SEC 1).</param>
/// <param name="SignsFrom">May lie ahead: until then the key is known, so that everybody who verifies has it before the first token; null for a key that
/// always has.</param>
public sealed record AccessTokenKey(string Pem, DateTimeOffset? SignsFrom = null)
{
    /// <summary>A key that has always signed.</summary>
    public static implicit operator AccessTokenKey(string pem) => FromString(pem);

    /// <summary>A key that has always signed.</summary>
    public static AccessTokenKey FromString(string pem) => new(pem);

    /// <summary>Never the key: records print what they hold.</summary>
    public override string ToString() => $"AccessTokenKey {{ SignsFrom = {SignsFrom:O} }}";
}
