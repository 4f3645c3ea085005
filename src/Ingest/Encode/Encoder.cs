using Movento.Ingest.Tools;

namespace Movento.Ingest.Encode;

/// <summary>Runs an encode plan.</summary>
internal sealed class Encoder(IngestOptions options, ToolRunner tools)
{
    /// <summary>Encodes everything of the plan into files in <paramref name="folder"/>.</summary>
    /// <returns>Frames that the source's video track decoded to, as ffmpeg counted them; null without video.</returns>
    /// <exception cref="RejectedException">ffmpeg could not, or not in time.</exception>
    /// <exception cref="ToolKilledException">A signal ended ffmpeg.</exception>
    public async Task<long?> EncodeAsync(EncodePlan plan, string folder, Action<double> onProgress, CancellationToken cancellationToken)
    {
        var tally = new DecodeTally();
        var result = await RunAsync(plan, folder, tally, onProgress, cancellationToken);
        if (result.WasKilled) throw new ToolKilledException("ffmpeg", result.ExitCode);
        if (result.ExitCode != 0) throw new RejectedException(RejectionReason.EncodeFailed, tally.Errors);
        if (tally.Damage.IsCutOff) throw new RejectedException(RejectionReason.Truncated, tally.Damage.First!);
        if (plan.Facts.Video is not { } video) return null;
        return tally.Decoded(video.Stream)
            ?? throw new RejectedException(RejectionReason.EncodeFailed, "ffmpeg did not say how many frames it decoded.");
    }

    private async Task<ToolResult> RunAsync(
        EncodePlan plan, string folder, DecodeTally tally, Action<double> onProgress, CancellationToken cancellationToken)
    {
        try
        {
            return await tools.RunAsync(new ToolRun
            {
                Tool = options.FfmpegPath,
                Arguments = plan.Arguments,
                Folder = folder,
                TimeLimit = options.EncodeTimeFloor + plan.Facts.Duration * options.EncodeTimePerMediaTime,
                MemoryBytes = options.ToolMemoryBytes,
                Niceness = options.ToolNiceness,
                OnOutputLine = new FfmpegProgress(plan.Facts.Duration, onProgress).Take,
                OnErrorLine = tally.Take,
            }, cancellationToken);
        }
        catch (ToolTimedOutException exception)
        {
            throw new RejectedException(RejectionReason.TimedOut, exception.Message, exception);
        }
    }
}
