using Microsoft.Extensions.Logging;
using Movento.Ingest.Probe;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Encode;

/// <summary>Takes sound out of the source as it is. A film without it has the sound that is made of it all the same.</summary>
internal sealed partial class SoundPassThroughStep(IngestOptions options, ToolRunner tools, ILogger<SoundPassThroughStep> logger)
{
    /// <summary>Makes the files of the sound that may be passed through.</summary>
    /// <param name="plan">Of the film.</param>
    /// <param name="folder">The source is in it; the files go there.</param>
    /// <param name="cancellationToken">Kills what runs.</param>
    /// <returns>What was taken; nothing where that failed.</returns>
    public async Task<IReadOnlyList<AudioOutput>> TakeAsync(EncodePlan plan, string folder, CancellationToken cancellationToken)
    {
        var outputs = SoundPassThrough.CandidatesOf(plan, options);
        if (outputs.Count == 0) return [];
        var failure = await tools.TryRunAsync(new ToolRun
        {
            Tool = options.FfmpegPath,
            Arguments = SoundPassThrough.Arguments(outputs, EncodePlan.SourceName, options),
            Folder = folder,
            TimeLimit = PacketScan.TimeLimit(options, Path.Combine(folder, EncodePlan.SourceName)),
            MemoryBytes = options.ToolMemoryBytes,
            Niceness = options.ToolNiceness,
        }, isMade: null, cancellationToken);
        if (failure is null) return outputs;
        Log.NotTaken(logger, failure);
        return [];
    }

    private static partial class Log
    {
        [LoggerMessage(3262, LogLevel.Warning, "No sound could be taken out of the source as it is: {Detail}")]
        public static partial void NotTaken(ILogger logger, string detail);
    }
}
