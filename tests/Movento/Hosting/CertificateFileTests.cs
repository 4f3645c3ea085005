using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Movento.Harness;
using Movento.Hosting;

namespace Movento.Tests.Hosting;

public sealed class CertificateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MovedClock _clock = new();

    private string Certificate => _folder.Combine("certificate.pem");

    private string Key => _folder.Combine("key.pem");

    [Fact]
    public void Renewal_WhileTheServerRuns_IsTakenUp()
    {
        Write("one", DateTime.UtcNow.AddMinutes(-1));
        var file = new CertificateFile(Certificate, Key, _clock);
        Assert.Equal("CN=one", file.Current.Subject);
        Write("two", DateTime.UtcNow);
        Assert.Equal("CN=one", file.Current.Subject);
        _clock.Seconds = 10;
        Assert.Equal("CN=two", file.Current.Subject);
        Assert.True(file.Current.HasPrivateKey);
    }

    [Fact]
    public void Renewal_HalfDone_KeepsTheOldOneUntilItIsWhole()
    {
        Write("one", DateTime.UtcNow.AddMinutes(-1));
        var file = new CertificateFile(Certificate, Key, _clock);
        File.WriteAllText(Certificate, "-----BEGIN CERTIFICATE-----\nMII");
        _clock.Seconds = 10;
        Assert.Equal("CN=one", file.Current.Subject);
        Write("two", DateTime.UtcNow);
        _clock.Seconds = 20;
        Assert.Equal("CN=two", file.Current.Subject);
    }

    [Fact]
    public void File_ThatIsNoCertificate_StopsTheStart()
    {
        File.WriteAllText(Certificate, "hello");
        var error = Assert.Throws<StartException>(() => new CertificateFile(Certificate, null, _clock));
        Assert.Contains("Movento:EdgeServer:Certificate", Assert.Single(error.Reasons), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, DateTime changed)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.SetLastWriteTimeUtc(Key, changed);
        File.SetLastWriteTimeUtc(Certificate, changed);
    }

    private sealed class MovedClock : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
