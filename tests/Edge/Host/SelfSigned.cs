using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Movento.Edge.Tests.Host;

/// <summary>A certificate for an edge that speaks TLS: whoever asks it must not look who signed.</summary>
internal static class SelfSigned
{
    public static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=edge", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
