using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Movento.ControlPlane.Identity.AccessTokens;

/// <summary>The public half of a P-256 key as a JSON Web Key (RFC 7517, RFC 7518 §6.2.1).</summary>
/// <param name="Kid">The key's thumbprint (RFC 7638).</param>
/// <param name="X">The point's first coordinate, 32 bytes in base64url.</param>
/// <param name="Y">The point's second coordinate, the same.</param>
internal sealed record PublicJsonWebKey(string Kid, string X, string Y)
{
    public string Kty { get; } = "EC";
    public string Crv { get; } = "P-256";
    public string Use { get; } = "sig";
    public string Alg { get; } = SecurityAlgorithms.EcdsaSha256;

    public static PublicJsonWebKey Of(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var x = Base64Url.EncodeToString(point.X);
        var y = Base64Url.EncodeToString(point.Y);
        // RFC 7638 §3.2: the required members only, in the order of their names, without white space.
        var canonical = $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""";
        return new PublicJsonWebKey(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical))), x, y);
    }

    /// <summary>The key that checks signatures; it lives as long as the process.</summary>
    public SecurityKey ToSecurityKey() => new ECDsaSecurityKey(ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
    }))
    {
        KeyId = Kid,
    };
}
