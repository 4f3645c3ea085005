using System.Globalization;
using Movento.Load.Measure;

namespace Movento.Load.Contest;

/// <summary>Runs contenders in turn, A B A B, so that what else the machine does falls on all of them.</summary>
internal static class Rounds
{
    /// <summary>Runs ours and every peer; one result for each peer.</summary>
    /// <param name="cold">What ours took in a process that had done nothing like it before, if it was measured: one result more, beside the peer's first run.</param>
    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(
        string input, Contender ours, IReadOnlyList<Contender> peers, int rounds, CancellationToken cancellationToken, Run? cold = null)
    {
        Contender[] all = [ours, .. peers];
        Console.WriteLine($"\n# {input}");
        foreach (var contender in all)
            Console.WriteLine($"\n{contender.Name}:\n{contender.Command}");
        Console.WriteLine();

        var runs = all.Select(_ => new List<Run>()).ToArray();
        for (var round = 1; round <= rounds; round++)
        {
            for (var number = 0; number < all.Length; number++)
                runs[number].Add(await RunAsync(round, all[number], cancellationToken));
        }

        ComparisonResult[] results =
        [
            .. peers.Select((peer, number) => ComparisonResult.Of(input, peer.Name, runs[0], runs[number + 1])),
            .. cold is { } first ? peers.Select((peer, number) => ComparisonResult.Of($"{input}, cold", peer.Name, [first], [runs[number + 1][0]])) : [],
        ];
        Console.WriteLine();
        foreach (var result in results)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{result.Input}: {ours.Name} / {result.Against,-15} {result.Ratio.WallSeconds.Median,6:0.00} wall  {result.Ratio.CpuSeconds.Median,6:0.00} CPU  {(result.Ratio.PeakMemoryBytes is { } memory ? $"{memory.Median,6:0.00} memory" : "")}{(result.Ours.OwnCpuShare is { } own ? $"  {own.Median,6:0.0 %} of CPU its own" : "")}"));
        }

        return results;
    }

    private static async Task<Run> RunAsync(int round, Contender contender, CancellationToken cancellationToken)
    {
        var run = await Meter.RunAsync(contender, cancellationToken);
        Print($"round {round}", contender, run);
        return run;
    }

    /// <summary>Says what a run came to.</summary>
    public static void Print(string which, Contender contender, Run run) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{which}  {contender.Name,-15} {run.WallSeconds,7:0.00} s wall  {run.CpuSeconds,7:0.00} s CPU  {(run.PeakMemoryBytes is { } peak ? $"{peak / (1 << 20),6:0} MiB peak  " : "")}{run.MediaBytes / 1e6,6:0.00} MB of media{(run.OwnCpuSeconds is { } own ? $"  {own:0.00} s of CPU its own" : "")}"));
}
