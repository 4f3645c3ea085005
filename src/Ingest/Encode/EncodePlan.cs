using System.Collections.Immutable;
using System.Globalization;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Encode;

/// <summary>One audio rendition to make: which track, under which id, and what a menu calls it.</summary>
internal sealed record AudioOutput(string Id, AudioFacts Track, int Channels, int SampleRate, int Bitrate, string Name, bool IsDefault);

/// <summary>
/// One ffmpeg run that decodes the source once and encodes every rung and every audio track, each to a file of its own in the
/// job's folder: <c>{id}.mp4</c>, progressive, the index at the end.
/// </summary>
internal sealed record EncodePlan
{
    /// <summary>The name of the source in the job's folder.</summary>
    public const string SourceName = "source";

    public required MediaFacts Facts { get; init; }
    public required EncodingLadder Ladder { get; init; }
    public required ImmutableArray<AudioOutput> Audio { get; init; }

    /// <summary>Everything after the tool's name.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>The name of an encoded file in the job's folder.</summary>
    public static string FileName(string id) => $"{id}.mp4";

    /// <summary>Decides the run. Pure.</summary>
    public static EncodePlan For(MediaFacts facts, EncodingLadder ladder, IngestOptions options)
    {
        var audio = AudioOutputs.For(facts.Audio);
        List<string> arguments =
        [
            "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+verbose",
            "-progress", "pipe:1", "-stats_period", "0.5",
            .. UntrustedInput.DecodingArguments(SourceName, options.MaxPixels),
        ];
        if (facts.Video is { } video)
        {
            arguments.AddRange(["-filter_complex", FilterGraph.For(video, ladder)]);
            foreach (var rung in ladder.Rungs) arguments.AddRange(VideoOutput(video, ladder, rung, options));
        }
        foreach (var output in audio) arguments.AddRange(AudioArguments(output));
        return new EncodePlan { Facts = facts, Ladder = ladder, Audio = audio, Arguments = [.. arguments] };
    }

    private static IEnumerable<string> VideoOutput(VideoFacts video, EncodingLadder ladder, Rung rung, IngestOptions options)
    {
        var timescale = Timescale(video.TimeBase);
        var keyframes = options.KeyframeInterval.TotalSeconds;
        // Keyframes come from the clock alone (forced at multiples of the interval, the same on every rung, whatever the frame
        // rate does), so the encoder's own interval must never end first.
        var neverOnItsOwn = (int)Math.Ceiling(Math.Max(video.FrameRate.Value / ladder.FrameStep, 1) * keyframes * 10);
        return
        [
            "-map", $"[{rung.Id}]",
            "-c:v", "libx264", "-preset", options.X264Preset, "-profile:v", "high",
            "-crf", Text(options.ConstantRateFactor), "-maxrate", Text(rung.PeakBitrate), "-bufsize", Text(rung.PeakBitrate),
            "-force_key_frames", $"expr:gte(t,n_forced*{Text(keyframes)})", "-forced-idr", "1",
            "-g", Text(neverOnItsOwn), "-keyint_min", "1", "-sc_threshold", "0", "-flags", "+cgop",
            // Every frame once, at the time that the source gives it.
            "-fps_mode", "passthrough", "-enc_time_base", $"1:{Text(timescale)}", "-video_track_timescale", Text(timescale),
            .. FilterGraph.ColourFlags(video),
            .. Output(rung.Id),
        ];
    }

    private static IEnumerable<string> AudioArguments(AudioOutput output) =>
    [
        "-map", $"0:{output.Track.Stream}",
        // Silence where the source has gaps, and from time zero on, so that sound stays with the pictures.
        "-af", "aresample=async=1000:min_hard_comp=0.1:first_pts=0",
        "-c:a", "aac", "-b:a", Text(output.Bitrate), "-ac", Text(output.Channels), "-ar", Text(output.SampleRate),
        .. Output(output.Id),
    ];

    private static IEnumerable<string> Output(string id) =>
    [
        // Nothing of the source's words goes on: no place, no camera, no chapter.
        "-map_metadata", "-1", "-map_chapters", "-1", "-f", "mp4", "-y", $"file:{FileName(id)}",
    ];

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
