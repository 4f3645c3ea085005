using System.Globalization;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Encode;

/// <summary>Decodes a source once from start to end, and counts: the judge of films whose packets do not tell their frames.</summary>
internal sealed class FrameCounter(IngestOptions options, DecodingRun decoding)
{
    /// <summary>Frames that the video track decodes to.</summary>
    /// <exception cref="RejectedException">It cannot be decoded, or not in time.</exception>
    public async Task<long> CountAsync(EncodePlan plan, string folder, CancellationToken cancellationToken)
    {
        var stream = plan.Facts.Video!.Stream;
        var tally = new DecodeTally();
        await decoding.RunAsync(
            [
                "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+verbose",
                .. UntrustedInput.DecodingArguments(EncodePlan.SourceName, options.MaxPixels),
                "-map", string.Create(CultureInfo.InvariantCulture, $"0:{stream}"), "-fps_mode", "passthrough", "-f", "null", "-",
            ],
            folder, plan.Facts.Duration, tally, onOutputLine: null, cancellationToken);
        return tally.Decoded(stream) ?? throw new RejectedException(RejectionReason.EncodeFailed, "ffmpeg did not say how many frames it decoded.");
    }
}
