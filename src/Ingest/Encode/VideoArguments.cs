using System.Globalization;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Encode;

/// <summary>How ffmpeg encodes the pictures of a rung: what stands between its <c>-map</c> and its file.</summary>
internal static class VideoArguments
{
    /// <summary>The encoder and everything that it is told. Pure.</summary>
    public static IEnumerable<string> For(VideoFacts video, EncodingLadder ladder, Rung rung, IngestOptions options)
    {
        var timescale = Timescale(video.TimeBase);
        var keyframes = options.KeyframeInterval.TotalSeconds;
        // Keyframes come from the clock alone (forced at multiples of the interval, the same on every rung, whatever the frame
        // rate does), so the encoder's own interval must never end first.
        var neverOnItsOwn = (int)Math.Ceiling(Math.Max(video.FrameRate.Value / ladder.FrameStep, 1) * keyframes * 10);
        return
        [
            "-c:v", "libx264", "-preset", options.X264Preset, "-profile:v", "high",
            "-crf", Text(options.ConstantRateFactor), "-maxrate", Text(rung.PeakBitrate), "-bufsize", Text(rung.PeakBitrate),
            "-force_key_frames", $"expr:gte(t,n_forced*{Text(keyframes)})", "-forced-idr", "1",
            "-g", Text(neverOnItsOwn), "-keyint_min", "1", "-sc_threshold", "0", "-flags", "+cgop",
            // Every frame once, at the time that the source gives it.
            "-fps_mode", "passthrough", "-enc_time_base", $"1:{Text(timescale)}", "-video_track_timescale", Text(timescale),
            .. FilterGraph.ColourFlags(video),
        ];
    }

    /// <summary>
    /// Ticks a second that hold every timestamp of the source exactly: its own, multiplied up to at least 1000 so that the offsets
    /// between tracks stay small; 90 000 (ISO/IEC 13818-1) where its own cannot be had in a 32-bit field.
    /// </summary>
    internal static int Timescale(Ratio timeBase)
    {
        if (timeBase.Denominator % timeBase.Numerator != 0) return 90_000;
        var ticks = timeBase.Denominator / timeBase.Numerator;
        if (ticks > 10_000_000) return 90_000;
        while (ticks < 1000) ticks *= 2;
        return (int)ticks;
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
