using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Movento.Load.Delivery;

/// <summary>A certificate that every server of a contest shows: P-256, as most sites have today.</summary>
/// <param name="Certificate">Its PEM file.</param>
/// <param name="Key">That of its private key.</param>
internal sealed record TlsFiles(string Certificate, string Key)
{
    public static TlsFiles Create(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=edge", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var files = new TlsFiles(Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
