using System.Globalization;
using Movento.Load.Contest;
using Movento.Load.Measure;

namespace Movento.Load.Delivery;

/// <summary>
/// The edge beside nginx, Varnish and plain Kestrel, each asked in turn in every round, everything in memory, load and server on the same cores. Ratios are
/// to nginx with sendfile, as distributions set it up; from 1 MB up wrk itself takes most of the processor, so the server's own time a byte says more.
/// </summary>
internal static class EdgeComparison
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    // The first answer of each connection, which waits for its client's TCP window to grow, is one in fifty of what three seconds hold of these, and would be their p99.
    private static readonly TimeSpan LargeDuration = TimeSpan.FromSeconds(10);
    private const int Large = 4 << 20;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    // What a server that compiles as it goes is given to be at its full speed.
    public static readonly TimeSpan FirstWarmUp = TimeSpan.FromSeconds(10);

    private const string Idle = "idle", Tls = "TLS";

    /// <summary>What can be asked for alone.</summary>
    public static IReadOnlyList<string> Parts { get; } = [.. DeliveredFile.All.Select(file => file.Name), DeliveredFile.MixName, Idle, Tls];

    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        using var site = DeliverySite.Create(DeliveredFile.All);
        if (settings.Only is not [Tls]) await PlainAsync(site, settings, cancellationToken);
        if (IsAsked(settings, Tls)) await TlsContest.RunAsync(site, settings.Rounds, (int)Duration.TotalSeconds, cancellationToken);
        return [];
    }

    private static bool IsAsked(ComparisonSettings settings, string part) => settings.Only.Count == 0 || settings.Only.Contains(part);

    private static async Task PlainAsync(DeliverySite site, ComparisonSettings settings, CancellationToken cancellationToken)
    {
        var nginx = await NginxServer.StartAsync("nginx", site.Folder("nginx"), site.Files, sendfile: true);
        await using var _ = nginx;
        await using var copying = await NginxServer.StartAsync("nginx, no sendfile", site.Folder("nginx-copying"), site.Files, sendfile: false);
        await using var varnish = await VarnishServer.StartAsync(site.Folder("varnish"), nginx.Port);
        await using var kestrel = await PlainKestrel.StartAsync(site.Folder("kestrel"), site.Files);
        await using var edge = await EdgeServer.StartAsync(site, site.Folder("edge.log"));
        IDeliveryServer[] all = [nginx, copying, varnish, kestrel, edge];
        foreach (var server in all) Console.WriteLine($"{server.Name,-20} {server.Configuration}");

        foreach (var server in all) await LoadRun.MeasureAsync(server, DeliveredFile.All[0], 64, FirstWarmUp, site.Folder("files"), cancellationToken);
        foreach (var file in DeliveredFile.All) await ContestAsync(file, 64, all);
        await ContestAsync(null, 64, all);
        foreach (var file in DeliveredFile.All.Take(3)) await ContestAsync(file, 1000, [.. all.Where(server => server != kestrel)]);
        await ContestAsync(DeliveredFile.All[1], 10_000, [nginx, copying, edge]);
        if (IsAsked(settings, Idle)) await IdleConnections.MeasureAsync(edge, cancellationToken);

        async Task ContestAsync(DeliveredFile? file, int connections, IReadOnlyList<IDeliveryServer> servers)
        {
            var name = file?.Name ?? DeliveredFile.MixName;
            if (!IsAsked(settings, name)) return;
            var duration = file is { Size: >= Large, RangeSize: 0 } ? LargeDuration : Duration;
            Console.WriteLine($"\n## {name}, {connections} connections");
            var runs = servers.ToDictionary(server => server, _ => new List<LoadRun>());
            foreach (var server in servers) await LoadRun.MeasureAsync(server, file, Math.Min(connections, 1000), WarmUp, site.Folder("files"), cancellationToken);
            for (var round = 0; round < settings.Rounds; round++)
            {
                foreach (var server in servers)
                    runs[server].Add(await LoadRun.MeasureAsync(server, file, connections, duration, site.Folder("files"), cancellationToken));
            }

            Console.WriteLine($"{"",-20} {"requests/s",12} {"MB/s",8} {"CPU µs",8} {"CPU s/GB",9} {"p50 ms",8} {"p99 ms",8} {"requests ×",11} {"CPU/byte ×",11} {"p99 ×",7}");
            foreach (var server in servers)
            {
                var ratios = runs[server].Zip(runs[servers[0]]).ToArray();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{server.Name,-20} {Median(run => run.RequestsPerSecond),12:0} {Median(run => run.MegabytesPerSecond),8:0} {Median(run => run.CpuMicroseconds),8:0.0} {Median(run => run.CpuSecondsPerGigabyte),9:0.000} {Median(run => run.P50),8:0.00} {Median(run => run.P99),8:0.00} {Ratio(run => run.RequestsPerSecond),11:0.00} {Ratio(run => run.CpuSecondsPerGigabyte),11:0.00} {Ratio(run => run.P99),7:0.00}"));

                double Median(Func<LoadRun, double> figure) => Spread.Of(runs[server].Select(figure)).Median;

                double Ratio(Func<LoadRun, double> figure) => Spread.Of(ratios.Select(pair => figure(pair.First) / figure(pair.Second))).Median;
            }
        }
    }
}
