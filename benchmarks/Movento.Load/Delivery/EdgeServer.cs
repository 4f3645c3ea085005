using Movento.Contracts;
using Movento.Harness;
using Movento.Hosting;
using Movento.Secrets;

namespace Movento.Load.Delivery;

/// <summary>The real executable as an edge: every check of the token and of the limits, metrics, the cache before a file store.</summary>
internal sealed class EdgeServer : IDeliveryServer
{
    // Raised to what no machine reaches; each is counted all the same.
    private static readonly string[] Limits =
        ["SessionRequests", "SessionConcurrency", "AddressRequests", "AddressConcurrency", "SessionBytes", "AddressBytes"];

    private readonly BackgroundProcess _process;
    private readonly string _address;
    private readonly string _token;
    private readonly long _cacheBytes;

    private EdgeServer(BackgroundProcess process, string address, string token, long cacheBytes) =>
        (_process, _address, _token, _cacheBytes) = (process, address, token, cacheBytes);

    public string Name => "movento";

    public string Configuration => $"movento serve --roles edge, {_cacheBytes >> 20} MB of cache, token and limits checked";

    public IReadOnlyList<int> Processes => [_process.Id];

    public static async Task<EdgeServer> StartAsync(DeliverySite site, string log, TlsFiles? tls = null, long cacheBytes = 1 << 30)
    {
        var port = FreePort.Next();
        string[] command =
        [
            "dotnet", typeof(MoventoHost).Assembly.Location, "serve", "--roles", "edge", "--data", site.Data, "--edge-url", $"{(tls is null ? "http" : "https")}://127.0.0.1:{port}",
            .. tls is null ? Array.Empty<string>() : ["--set", $"EdgeServer:Certificate={tls.Certificate}", "--set", $"EdgeServer:CertificateKey={tls.Key}"],
            "--set", $"Edge:CacheBytes={cacheBytes}", "--set", "Edge:MaxConnections=20000",

            // Counted like everybody else's requests, and far above what one client may.
            "--set", "Edge:Limits:IncludeLoopback=true",
            .. Limits.SelectMany(limit => new[] { "--set", $"Edge:Limits:{limit}={(limit.EndsWith("Bytes", StringComparison.Ordinal) ? "1000000000000" : "1000000000")}" }),
        ];
        var process = await BackgroundProcess.StartAsync(command, log, port);
        var signer = new PlaybackTokenSigner(SecretsFile.Read(Path.Combine(site.Data, "secrets.json")).KeyRing());
        var token = signer.Sign(new PlaybackClaims(DeliverySite.Asset, PlaybackScope.Presentation, TimeProvider.System.GetUtcNow().AddHours(12), Guid.NewGuid()));
        return new EdgeServer(process, $"{(tls is null ? "http" : "https")}://127.0.0.1:{port}", token, cacheBytes);
    }

    public Uri UrlOf(DeliveredFile file) => new($"{_address}/{_token}/{DeliverySite.PathOf(file)}");

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
