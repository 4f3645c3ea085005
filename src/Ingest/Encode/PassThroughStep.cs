using Microsoft.Extensions.Logging;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Ingest.Tools;
using Movento.Packager;
using Movento.Packager.Tracks;

namespace Movento.Ingest.Encode;

/// <summary>Takes the source's own pictures for a rung where they fit it, and proves that nothing of them is lost on the way.</summary>
internal sealed partial class PassThroughStep(IngestOptions options, ToolRunner tools, ILogger<PassThroughStep> logger)
{
    /// <summary>The name of the rung's file in the job's folder.</summary>
    public static string FileName(Rung rung) => $"{rung.Id}.passed";

    /// <summary>Whether the source may fit a rung, by its headers and its size alone: if not, nobody has to wait for its packets.</summary>
    public static bool MayFit(EncodePlan plan, long bytes) =>
        PassThrough.CandidateOf(plan.Facts, plan.Ladder) is { } rung && plan.Facts.Duration > TimeSpan.Zero
        && bytes * 8 / plan.Facts.Duration.TotalSeconds <= rung.PeakBitrate;

    /// <summary>Makes the rung's file, if the source fits one.</summary>
    /// <returns>The plan with the rung passed through; the plan as it was, where none fits or what came out is not every picture at its time.</returns>
    public async Task<EncodePlan> TryAsync(EncodePlan plan, PacketTable packets, string folder, CancellationToken cancellationToken)
    {
        // At the keyframes' own interval: then trick play steps through this rung as through the others.
        if (PassThrough.RungOf(plan.Facts, packets, plan.Ladder, options.KeyframeInterval) is not { } rung) return plan;
        return await MakeAsync(plan, rung, packets, folder, cancellationToken) ? plan with { PassedThrough = rung.Id } : plan;
    }

    /// <summary>Makes the file anew for a plan that another worker has decided on.</summary>
    /// <exception cref="RejectedException">It does not come out as it did.</exception>
    public async Task AgainAsync(EncodePlan plan, PacketTable packets, string folder, CancellationToken cancellationToken)
    {
        var rung = plan.Ladder.Rungs.Single(rung => rung.Id == plan.PassedThrough);
        if (!await MakeAsync(plan, rung, packets, folder, cancellationToken))
            throw new RejectedException(RejectionReason.EncodeFailed, $"{rung.Id} could not be passed through again.");
    }

    private async Task<bool> MakeAsync(EncodePlan plan, Rung rung, PacketTable packets, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName(rung));
        try
        {
            var result = await tools.RunAsync(new ToolRun
            {
                Tool = options.FfmpegPath,
                Arguments = PassThrough.Arguments(plan.Facts, rung, EncodePlan.SourceName, FileName(rung), options),
                Folder = folder,
                // It reads the file once, as the scan did.
                TimeLimit = PacketScan.TimeLimit(options, Path.Combine(folder, EncodePlan.SourceName)),
                MemoryBytes = options.ToolMemoryBytes,
                Niceness = options.ToolNiceness,
            }, cancellationToken);
            if (result.ExitCode != 0)
            {
                Log.NotPassed(logger, rung.Id, result.ErrorTail);
                return false;
            }
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var times = await PictureTimes.ReadAsync(file, cancellationToken);
            if (times.Timescale == plan.Timescale && times.Times.SequenceEqual(packets.Times.Select(plan.FilmTime))) return true;
            Log.NotPassed(logger, rung.Id, "its pictures are not those of the source, or not at their times.");
        }
        catch (ToolTimedOutException exception)
        {
            Log.NotPassed(logger, rung.Id, exception.Message);
        }
        catch (MediaFormatException exception)
        {
            Log.NotPassed(logger, rung.Id, exception.Message);
        }
        File.Delete(path);
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(3261, LogLevel.Information, "{Rung} is encoded, though the source would fit it: {Detail}")]
        public static partial void NotPassed(ILogger logger, string rung, string detail);
    }
}
