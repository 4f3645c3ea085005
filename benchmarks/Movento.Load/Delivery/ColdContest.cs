using System.Globalization;
using Movento.Load.Contest;
using Movento.Load.Measure;

namespace Movento.Load.Delivery;

/// <summary>
/// The edge beside nginx where nothing is in memory, neither theirs nor the system's: as many players, each of which goes through a film of its own by ranges of a
/// megabyte, none of which is asked for twice. The edge begins anew each round, with little memory, and is warmed up with
/// other films that do not fit into it.
/// </summary>
internal static class ColdContest
{
    // 3 GiB in all: more than a disk gives within a run, also where a virtual one has it in its host's memory.
    private const int Films = 48, WarmUpFilms = 16, FilmBytes = 64 << 20, RangeBytes = 1 << 20;

    // A quarter of what it is warmed up with, so that this comes from the store again and again.
    private const long CacheBytes = 256 << 20;
    private const int Connections = 64;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyList<DeliveredFile> Library = FilmsOf("cold", Films), WarmUp = FilmsOf("warm", WarmUpFilms);

    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        using var site = DeliverySite.Create([.. WarmUp, .. Library]);
        await PeerProcess.RunAsync(["sync"], site.Files, cancellationToken);
        await using var nginx = await NginxServer.StartAsync("nginx", site.Folder("nginx"), site.Files, sendfile: true);
        await using var threaded = await NginxServer.StartAsync("nginx, aio threads", site.Folder("nginx-threads"), site.Files, sendfile: true, readsInThreads: true);
        IDeliveryServer[] peers = [nginx, threaded];
        var rounds = new List<LoadRun[]>();
        var names = peers.Select(peer => peer.Name).Append("movento").ToArray();
        for (var round = 0; round < settings.Rounds; round++)
        {
            await using var edge = await EdgeServer.StartAsync(site, site.Folder("edge.log"), cacheBytes: CacheBytes);
            if (round == 0)
                foreach (var server in peers.Append(edge)) Console.WriteLine($"{server.Name,-20} {server.Configuration}");
            await RunAsync(edge, WarmUp, EdgeComparison.FirstWarmUp);
            var runs = new List<LoadRun>();
            foreach (var server in peers.Append(edge))
            {
                await ForgetAsync(site, cancellationToken);
                var run = await RunAsync(server, Library, Duration);
                if (run.RequestsPerSecond * Duration.TotalSeconds > Films * (FilmBytes / RangeBytes))
                    throw new InvalidOperationException($"{server.Name} was through the whole library before the time was over: it is too small for this disk.");
                runs.Add(run);
            }
            rounds.Add([.. runs]);
        }

        Console.WriteLine($"\n## {Films} films of {FilmBytes >> 20} MiB from the disk, {Connections} connections");
        Console.WriteLine($"{"",-20} {"MB/s",8} {"CPU s/GB",9} {"p50 ms",8} {"p99 ms",8} {"MB/s ×",7} {"CPU/byte ×",11} {"p99 ×",7}");
        for (var server = 0; server < names.Length; server++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{names[server],-20} {Median(run => run.MegabytesPerSecond),8:0} {Median(run => run.CpuSecondsPerGigabyte),9:0.000} {Median(run => run.P50),8:0.00} {Median(run => run.P99),8:0.00} {Ratio(run => run.MegabytesPerSecond),7:0.00} {Ratio(run => run.CpuSecondsPerGigabyte),11:0.00} {Ratio(run => run.P99),7:0.00}"));

            double Median(Func<LoadRun, double> figure) => Spread.Of(rounds.Select(runs => figure(runs[server]))).Median;

            double Ratio(Func<LoadRun, double> figure) => Spread.Of(rounds.Select(runs => figure(runs[server]) / figure(runs[0]))).Median;
        }
        return [];

        Task<LoadRun> RunAsync(IDeliveryServer server, IReadOnlyList<DeliveredFile> films, TimeSpan duration) => LoadRun.MeasureAsync(
            server, "the library", Script(server, films), server.UrlOf(films[0]), Connections, duration, site.Folder("files"), cancellationToken);
    }

    private static IReadOnlyList<DeliveredFile> FilmsOf(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(film => new DeliveredFile("a film", FilmBytes, RangeBytes) { Id = $"{name}{film}" })];

    // The system forgets what it has read of the files; what it still holds would be no disk's time.
    private static async Task ForgetAsync(DeliverySite site, CancellationToken cancellationToken)
    {
        var files = Directory.GetFiles(site.Files, "*.bin");
        foreach (var file in files) await PeerProcess.RunAsync(["dd", $"if={file}", "iflag=nocache", "count=0", "status=none"], site.Files, cancellationToken);
        var held = await PeerProcess.RunAsync(["fincore", "--bytes", "--noheadings", "--output", "RES", .. files], site.Files, cancellationToken);
        var bytes = held.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Sum(line => long.Parse(line, CultureInfo.InvariantCulture));
        if (bytes > Films * (long)FilmBytes / 20) throw new InvalidOperationException($"The system still holds {bytes} bytes of the files in memory.");
    }

    // Each of wrk's threads has films of its own, and asks for a range of each of them in turn.
    private static string Script(IDeliveryServer server, IReadOnlyList<DeliveredFile> library) => $$"""
        local films = { {{string.Join(", ", library.Select(film => $"\"{server.UrlOf(film).PathAndQuery}\""))}} }
        local threads = {{Environment.ProcessorCount}}
        local started = 0
        setup = function(thread) thread:set("number", started); started = started + 1 end
        local mine, asked = {}, 0
        init = function() for i, film in ipairs(films) do if i % threads == number then mine[#mine + 1] = film end end end
        request = function()
          local film, stretch = asked % #mine + 1, math.floor(asked / #mine) % {{FilmBytes / RangeBytes}}
          asked = asked + 1
          wrk.headers["Range"] = "bytes=" .. stretch * {{RangeBytes}} .. "-" .. (stretch + 1) * {{RangeBytes}} - 1
          return wrk.format("GET", mine[film])
        end
        """;
}
