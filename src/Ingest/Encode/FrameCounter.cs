using System.Globalization;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Encode;

/// <summary>Decodes a source once from start to end, and counts: the judge of films whose packets do not tell their frames.</summary>
internal sealed class FrameCounter(IngestOptions options, ToolRunner tools)
{
    /// <summary>Frames that the video track decodes to.</summary>
    /// <exception cref="RejectedException">It cannot be decoded, or not in time.</exception>
    public async Task<long> CountAsync(EncodePlan plan, string folder, CancellationToken cancellationToken)
    {
        var stream = plan.Facts.Video!.Stream;
        var tally = new DecodeTally();
        ToolResult result;
        try
        {
            result = await tools.RunAsync(new ToolRun
            {
                Tool = options.FfmpegPath,
                Arguments =
                [
                    "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+verbose",
                    .. UntrustedInput.DecodingArguments(EncodePlan.SourceName, options.MaxPixels),
                    "-map", string.Create(CultureInfo.InvariantCulture, $"0:{stream}"), "-fps_mode", "passthrough", "-f", "null", "-",
                ],
                Folder = folder,
                TimeLimit = options.EncodeTimeFloor + plan.Facts.Duration * options.EncodeTimePerMediaTime,
                MemoryBytes = options.ToolMemoryBytes,
                Niceness = options.ToolNiceness,
                OnErrorLine = tally.Take,
            }, cancellationToken);
        }
        catch (ToolTimedOutException exception)
        {
            throw new RejectedException(RejectionReason.TimedOut, exception.Message, exception);
        }
        if (result.WasKilled) throw new ToolKilledException("ffmpeg", result.ExitCode);
        if (result.ExitCode != 0) throw new RejectedException(RejectionReason.EncodeFailed, tally.Errors);
        return tally.Decoded(stream) ?? throw new RejectedException(RejectionReason.EncodeFailed, "ffmpeg did not say how many frames it decoded.");
    }
}
