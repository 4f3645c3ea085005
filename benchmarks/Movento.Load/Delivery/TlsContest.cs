using System.Globalization;
using System.Text.RegularExpressions;
using Movento.Load.Measure;

namespace Movento.Load.Delivery;

/// <summary>The same files over TLS 1.3, HTTP/1.1 and HTTP/2, asked by h2load: requests a second and the server's processor time.</summary>
internal static partial class TlsContest
{
    private const int Connections = 64;

    public static async Task RunAsync(DeliverySite site, int rounds, int seconds, CancellationToken cancellationToken)
    {
        var tls = TlsFiles.Create(site.Folder("files"));
        await using var nginx = await NginxServer.StartAsync("nginx", site.Folder("nginx-tls"), site.Files, sendfile: true, tls);
        await using var edge = await EdgeServer.StartAsync(site, site.Folder("edge-tls.log"), tls);
        IDeliveryServer[] servers = [nginx, edge];
        foreach (var server in servers) await AskAsync(server, DeliveredFile.All[0], isHttp2: false, (int)EdgeComparison.FirstWarmUp.TotalSeconds, site.Files, cancellationToken);
        foreach (var isHttp2 in (bool[])[false, true])
        {
            foreach (var file in DeliveredFile.All.Where(file => file.RangeSize == 0))
            {
                Console.WriteLine($"\n## {file.Name}, TLS 1.3, {(isHttp2 ? "HTTP/2, 4 streams a connection" : "HTTP/1.1")}, {Connections} connections");
                foreach (var server in servers) await AskAsync(server, file, isHttp2, 2, site.Files, cancellationToken);
                var runs = servers.ToDictionary(server => server, _ => new List<(double Rate, double Cpu)>());
                for (var round = 0; round < rounds; round++)
                {
                    foreach (var server in servers) runs[server].Add(await AskAsync(server, file, isHttp2, seconds, site.Files, cancellationToken));
                }

                foreach (var server in servers)
                {
                    var ratios = runs[server].Zip(runs[nginx]).ToArray();
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{server.Name,-20} {Spread.Of(runs[server].Select(run => run.Rate)).Median,12:0} requests/s  {Spread.Of(runs[server].Select(run => run.Cpu)).Median,8:0.0} CPU µs  {Spread.Of(ratios.Select(pair => pair.First.Rate / pair.Second.Rate)).Median,6:0.00} × requests  {Spread.Of(ratios.Select(pair => pair.First.Cpu / pair.Second.Cpu)).Median,6:0.00} × CPU"));
                }
            }
        }
    }

    private static async Task<(double Rate, double CpuMicroseconds)> AskAsync(
        IDeliveryServer server, DeliveredFile file, bool isHttp2, int seconds, string folder, CancellationToken cancellationToken)
    {
        var number = (Func<int, string>)(value => value.ToString(CultureInfo.InvariantCulture));
        string[] command =
        [
            "h2load", "-t", number(Environment.ProcessorCount), "-c", number(Connections), "-m", isHttp2 ? "4" : "1", "-D", number(seconds),
            .. isHttp2 ? Array.Empty<string>() : ["--h1"], server.UrlOf(file).AbsoluteUri,
        ];
        var before = ProcessTree.CpuSeconds(server.Processes);
        var output = await PeerProcess.RunAsync(command, folder, cancellationToken);
        var cpu = ProcessTree.CpuSeconds(server.Processes) - before;
        var answered = Answered().Match(output);
        if (!answered.Success || answered.Groups[1].Value == "0") throw new InvalidOperationException($"{server.Name} answered nothing of {file.Name}: {output}");
        var requests = double.Parse(answered.Groups[1].Value, CultureInfo.InvariantCulture);
        return (requests / seconds, cpu / requests * 1e6);
    }

    [GeneratedRegex(@"status codes: (\d+) 2xx, 0 3xx, 0 4xx, 0 5xx")]
    private static partial Regex Answered();
}
