using System.Text.Json;
using System.Text.Json.Serialization;
using Movento.Load.Measure;

namespace Movento.Load.Contest;

/// <summary>What the rounds on one input came to.</summary>
/// <param name="Against">The peer's name.</param>
/// <param name="Ratio">Ours divided by the peer's, round by round: below 1 is better.</param>
internal sealed record ComparisonResult(string Input, string Against, int Rounds, Figures Ours, Figures Peer, Figures Ratio)
{
    public static ComparisonResult Of(string input, string against, IReadOnlyList<Run> ours, IReadOnlyList<Run> peer) =>
        new(input, against, ours.Count, Figures.Of(ours), Figures.Of(peer), Figures.Of([.. ours.Zip(peer, Run.Ratio)]));
}

/// <summary>The spread of each figure.</summary>
internal sealed record Figures(Spread WallSeconds, Spread CpuSeconds, Spread MediaBytes)
{
    /// <summary>Null where it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Spread? PeakMemoryBytes { get; private init; }

    /// <summary>Of the processor time, what no tool used; null where it is not told apart.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Spread? OwnCpuShare { get; private init; }

    public static Figures Of(IReadOnlyList<Run> runs) => new(
        Spread.Of(runs.Select(run => run.WallSeconds)), Spread.Of(runs.Select(run => run.CpuSeconds)), Spread.Of(runs.Select(run => run.MediaBytes)))
    {
        PeakMemoryBytes = OfAll(runs, run => run.PeakMemoryBytes),
        OwnCpuShare = OfAll(runs, run => run.OwnCpuSeconds / run.CpuSeconds),
    };

    private static Spread? OfAll(IReadOnlyList<Run> runs, Func<Run, double?> figure) =>
        runs.All(run => figure(run) is not null) ? Spread.Of(runs.Select(run => figure(run)!.Value)) : null;
}

/// <summary>The last line of a comparison.</summary>
internal sealed record ComparisonLine(string Bench, DateTimeOffset At, int Cores, IReadOnlyList<ComparisonResult> Results);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ComparisonLine))]
internal sealed partial class ComparisonJson : JsonSerializerContext
{
    public static string Line(string name, IReadOnlyList<ComparisonResult> results) => JsonSerializer.Serialize(
        new ComparisonLine(name, TimeProvider.System.GetUtcNow(), Environment.ProcessorCount, results), Default.ComparisonLine);
}
