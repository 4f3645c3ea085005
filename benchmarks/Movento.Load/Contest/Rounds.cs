using System.Globalization;
using Movento.Load.Measure;

namespace Movento.Load.Contest;

/// <summary>Runs two contenders in turn, A B A B, so that what else the machine does falls on both.</summary>
internal static class Rounds
{
    public static async Task<ComparisonResult> RunAsync(
        string input, Contender ours, Contender peer, int rounds, CancellationToken cancellationToken)
    {
        Console.WriteLine($"\n# {input}");
        foreach (var contender in (Contender[])[ours, peer])
            Console.WriteLine($"\n{contender.Name}:\n{contender.Command}");
        Console.WriteLine();

        var runs = (Ours: new List<Run>(), Peer: new List<Run>());
        for (var round = 1; round <= rounds; round++)
        {
            runs.Ours.Add(await RunAsync(round, ours, cancellationToken));
            runs.Peer.Add(await RunAsync(round, peer, cancellationToken));
        }

        return ComparisonResult.Of(input, runs.Ours, runs.Peer);
    }

    private static async Task<Run> RunAsync(int round, Contender contender, CancellationToken cancellationToken)
    {
        var run = await Meter.RunAsync(contender, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"round {round}  {contender.Name,-10} {run.WallSeconds,7:0.00} s wall  {run.CpuSeconds,7:0.00} s CPU  {run.PeakMemoryBytes / (1 << 20),6:0} MiB peak  {run.MediaBytes / 1e6,6:0.00} MB of media"));
        return run;
    }
}
