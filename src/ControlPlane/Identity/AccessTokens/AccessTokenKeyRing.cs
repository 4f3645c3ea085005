using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Movento.ControlPlane.Identity.AccessTokens;

/// <summary>The keys of access tokens, named by their RFC 7638 thumbprint: one that signs, and all that verify.</summary>
internal sealed class AccessTokenKeyRing
{
    /// <summary>The object identifier of the curve P-256 (RFC 5480 §2.1.1.1).</summary>
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <param name="pems">See <see cref="ControlPlaneOptions.AccessTokenKeys"/>; the first signs.</param>
    public AccessTokenKeyRing(IReadOnlyList<string> pems)
    {
        if (pems.Count == 0) throw new ArgumentException("There is no key to sign access tokens with.", nameof(pems));

        var signing = Import(pems[0]);
        Signing = new SigningCredentials(
            new ECDsaSecurityKey(signing) { KeyId = PublicJsonWebKey.Of(signing).Kid }, SecurityAlgorithms.EcdsaSha256);
        PublicKeys = [.. pems.Select(pem =>
        {
            using var key = Import(pem);
            return PublicJsonWebKey.Of(key);
        })];
    }

    public SigningCredentials Signing { get; }

    /// <summary>Every key that verifies, in the order of the options.</summary>
    public IReadOnlyList<PublicJsonWebKey> PublicKeys { get; }

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
}
