using Movento.Harness;

namespace Movento.Load.Delivery;

/// <summary>Varnish with everything in memory, in front of nginx. It checks no token: without a module it cannot.</summary>
internal sealed class VarnishServer : IDeliveryServer
{
    private readonly BackgroundProcess _process;
    private readonly int _port;

    private VarnishServer(BackgroundProcess process, int port) => (_process, _port) = (process, port);

    public string Name => "varnish";

    public string Configuration => "varnishd, 1 GB of malloc storage, nginx behind, no token";

    public IReadOnlyList<int> Processes => [_process.Id];

    public static async Task<VarnishServer> StartAsync(string folder, int backend)
    {
        Directory.CreateDirectory(folder);
        var port = FreePort.Next();
        var vcl = Path.Combine(folder, "edge.vcl");
        await File.WriteAllTextAsync(vcl, $$"""
            vcl 4.1;
            backend origin { .host = "127.0.0.1"; .port = "{{backend}}"; }
            sub vcl_backend_response { set beresp.ttl = 1h; }
            """);
        var process = await BackgroundProcess.StartAsync(
            ["varnishd", "-F", "-j", "none", "-a", $"127.0.0.1:{port}", "-f", vcl, "-s", "malloc,1G", "-n", Path.Combine(folder, "work"), "-p", "thread_pool_max=5000"],
            Path.Combine(folder, "output"), port);
        return new VarnishServer(process, port);
    }

    public Uri UrlOf(DeliveredFile file) => new($"http://127.0.0.1:{_port}/open/{DeliverySite.NameOf(file)}");

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
