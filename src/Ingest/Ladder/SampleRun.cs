using Microsoft.Extensions.Logging;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Ladder;

/// <summary>Encodes one sample of a film to learn how many bits it takes. A film that cannot be sampled has a ladder all the same.</summary>
internal sealed partial class SampleRun(IngestOptions options, ToolRunner tools, ILogger<SampleRun> logger)
{
    // A sample takes a second or two; a machine that is that busy has other worries, and a film has a ladder without it.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Those of <see cref="ComplexityProbe.Arguments"/>.</param>
    /// <param name="ways">In how many ways they encode it.</param>
    /// <param name="folder">The source is in it.</param>
    /// <param name="cancellationToken">Kills ffmpeg.</param>
    /// <returns>Null where ffmpeg could not, or not in time.</returns>
    public async Task<ComplexitySample?> RunAsync(IReadOnlyList<string> arguments, int ways, string folder, CancellationToken cancellationToken)
    {
        var tally = new SampleTally(ways);
        var failure = await tools.TryRunAsync(new ToolRun
        {
            Tool = options.FfmpegPath,
            Arguments = arguments,
            Folder = folder,
            TimeLimit = TimeLimit,
            MemoryBytes = options.ToolMemoryBytes,
            Niceness = options.ToolNiceness,
            OnOutputLine = tally.TakePacket,
            OnErrorLine = tally.TakeWords,
        }, () => tally.Sample is not null, cancellationToken);
        if (failure is null) return tally.Sample;
        Log.NoSample(logger, failure);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(3302, LogLevel.Warning, "A sample of the film could not be measured: {Detail}")]
        public static partial void NoSample(ILogger logger, string detail);
    }
}
