using System.Globalization;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Encode;

/// <summary>
/// How ffmpeg encodes the pictures of a rung: what stands between its <c>-map</c> and its file. Whatever the pictures are, two encodes of a rung
/// have the same parameter sets, so that they can be joined.
/// </summary>
internal static class VideoArguments
{
    /// <summary>The encoder and everything that it is told. Pure.</summary>
    /// <param name="video">The source's track.</param>
    /// <param name="ladder">The rung's.</param>
    /// <param name="rung">What to make.</param>
    /// <param name="options">Presets, and how far keyframes are apart.</param>
    /// <param name="threads">Of the encoder; 0 for as many as it likes.</param>
    /// <param name="length">
    /// Of the pictures to come, where keyframes are due at multiples of their own clock; null for multiples from the first picture on, however many.
    /// </param>
    public static IEnumerable<string> For(
        VideoFacts video, EncodingLadder ladder, Rung rung, IngestOptions options, int threads = 0, TimeSpan? length = null)
    {
        var timescale = Timescale(video.TimeBase);
        var keyframes = options.KeyframeInterval.TotalSeconds;
        // Keyframes come from the clock alone (forced at multiples of the interval, the same on every rung, whatever the frame
        // rate does), so the encoder's own interval must never end first.
        var neverOnItsOwn = (int)Math.Ceiling(Math.Max(video.FrameRate.Value / ladder.FrameStep, 1) * keyframes * 10);
        return
        [
            .. rung.Codec switch
            {
                VideoCodec.Hevc => X265(video, rung, options, neverOnItsOwn, threads),
                VideoCodec.Av1 => SvtAv1(video, rung, options, threads),
                _ => X264(options, threads),
            },
            "-crf", RateFactor(rung), "-maxrate", Text(rung.PeakBitrate), "-bufsize", Text(rung.PeakBitrate),
            "-force_key_frames", KeyframeTimes(options.KeyframeInterval, length), "-g", Text(neverOnItsOwn), "-flags", "+cgop",
            // Every frame once, at the time that the source gives it.
            "-fps_mode", "passthrough", "-enc_time_base", $"1:{Text(timescale)}", "-video_track_timescale", Text(timescale),
            .. FilterGraph.ColourFlags(video, rung),
        ];
    }

    // An expression of ffmpeg's counts from the first picture, wherever that lies (fftools/ffmpeg.c, forced_kf_ref_pts); a list of times does not.
    private static string KeyframeTimes(TimeSpan interval, TimeSpan? length) => length is { } whole
        ? string.Join(',', Enumerable.Range(0, (int)Math.Ceiling(whole / interval)).Select(number => Text((number * interval).TotalSeconds)))
        : $"expr:gte(t,n_forced*{Text(interval.TotalSeconds)})";

    private static IEnumerable<string> X264(IngestOptions options, int threads) =>
    [
        "-c:v", "libx264", "-preset", options.X264Preset, "-profile:v", "high", "-forced-idr", "1", "-keyint_min", "1", "-sc_threshold", "0",
        // Told at the end, for the receipt; it decides nothing.
        "-ssim", "1",
        .. threads > 0 ? ["-threads", Text(threads)] : (string[])[],
    ];

    private static IEnumerable<string> X265(VideoFacts video, Rung rung, IngestOptions options, int neverOnItsOwn, int threads)
    {
        List<string> parameters =
        [
            "log-level=error", $"keyint={Text(neverOnItsOwn)}", "min-keyint=1", "scenecut=0", "open-gop=0",
            // Parameter sets stand in the sample entry alone, and the encoder's own words nowhere.
            "repeat-headers=0", "info=0",
        ];
        // Without wavefronts, one thread loses nothing by waiting for itself; with them the picture parameter set would differ.
        if (threads > 0) parameters.AddRange(threads == 1 ? ["pools=none", "frame-threads=1", "wpp=0"] : [$"pools={Text(threads)}", "frame-threads=1"]);
        if (rung.IsTenBit)
        {
            parameters.Add("hdr10=1");
            // In fiftieth thousandths and in tenth thousandths of a candela (ISO/IEC 23008-2 §D.3.28).
            if (video.MasteringDisplay is { } display)
            {
                parameters.Add(
                    $"master-display=G{Place(display.Green)}B{Place(display.Blue)}R{Place(display.Red)}WP{Place(display.White)}"
                    + $"L({Whole(display.MaxLuminance * 10_000)},{Whole(display.MinLuminance * 10_000)})");
            }
            if (video.ContentLight is { } light) parameters.Add($"max-cll={Text(light.MaxContent)},{Text(light.MaxFrameAverage)}");
        }
        return
        [
            "-c:v", "libx265", "-preset", options.X265Preset, "-profile:v", rung.IsTenBit ? "main10" : "main", "-forced-idr", "1",
            "-x265-params", string.Join(':', parameters), "-tag:v", "hvc1",
        ];

        static string Place(Chromaticity place) => $"({Whole(place.X * 50_000)},{Whole(place.Y * 50_000)})";
    }

    private static IEnumerable<string> SvtAv1(VideoFacts video, Rung rung, IngestOptions options, int threads)
    {
        List<string> parameters = ["enable-force-key-frames=1"];
        // Pinned to processors, every encoder of the machine would sit on the first one.
        if (threads > 0) parameters.AddRange([$"lp={Text(threads)}", "pin=0"]);
        if (rung.IsTenBit && video.MasteringDisplay is { } display)
        {
            parameters.Add(
                $"mastering-display=G{Place(display.Green)}B{Place(display.Blue)}R{Place(display.Red)}WP{Place(display.White)}"
                + $"L({Decimal(display.MaxLuminance)},{Decimal(display.MinLuminance)})");
        }
        if (rung.IsTenBit && video.ContentLight is { } light) parameters.Add($"content-light={Text(light.MaxContent)},{Text(light.MaxFrameAverage)}");
        return ["-c:v", "libsvtav1", "-preset", Text(options.SvtAv1Preset), "-svtav1-params", string.Join(':', parameters)];

        static string Place(Chromaticity place) => $"({Decimal(place.X)},{Decimal(place.Y)})";
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

    // SVT-AV1 takes whole numbers alone.
    private static string RateFactor(Rung rung) => rung.Codec == VideoCodec.Av1 ? Whole(rung.ConstantRateFactor) : Text(rung.ConstantRateFactor);

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Whole(double number) => Math.Round(number).ToString("0", CultureInfo.InvariantCulture);

    private static string Decimal(double number) => number.ToString("0.#####", CultureInfo.InvariantCulture);
}
