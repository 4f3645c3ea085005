using System.Globalization;
using Movento.Ingest.Encode.Tasks;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Encode;

/// <summary>
/// The tasks of a plan. Pure: the same plan and options give the same arguments, and on the same machine the same bytes, whoever runs them in whatever order.
/// </summary>
internal static class EncodeTasks
{
    // What goes first of what makes the film playable: the pictures of its first segment, and of what stands after it; then the sound, a long task of which
    // the beginning is soon there; then further pictures.
    private const int FirstSound = 100, FirstPicture = 1000;

    // Of the samples that the ladder waits for: behind what a viewer waits for. Where nobody can watch early they go first, and the sound fills what is left of the time.
    private const int FirstSampleAfterSound = 500, FirstSample = 50;

    // A film may go on after its header's end; past this it has fewer keyframes than it should, which its proof finds.
    private static readonly TimeSpan BeyondTheEnd = TimeSpan.FromMinutes(2);

    // Up to here nobody notices that the sound has ended; what the verifier warns of.
    private static readonly TimeSpan AtTheEnd = TimeSpan.FromSeconds(0.5);

    // A deinterlacer looks at the fields before and after those of a picture.
    private static readonly TimeSpan DeinterlaceMargin = TimeSpan.FromSeconds(1);

    // ffmpeg seeks 3/23 s before what it is told where pictures may have been reordered (fftools/ffmpeg_opt.c, open_input_file): with these, it finds a key frame that is meant.
    private static readonly TimeSpan SeekMargin = TimeSpan.FromSeconds(3.0 / 23) + TimeSpan.FromMilliseconds(1);

    /// <summary>Where a loudness is wanted, the first of two passes over each track of sound: its mix is decoded and measured, and nothing is encoded.</summary>
    public static IReadOnlyList<EncodeTaskSpec> ToMeasure(EncodePlan plan, IngestOptions options) =>
        options.LoudnessTarget is null ? [] : [.. plan.Audio.Select((output, index) => Loudness(plan, output, index, options))];

    /// <summary>The samples by which the ladder is found, none where it is known without them.</summary>
    public static IReadOnlyList<EncodeTaskSpec> ToSample(EncodePlan plan, IngestOptions options) => ComplexityProbe.For(plan.Facts, options) is not { } probe ? [] :
    [
        .. Enumerable.Range(0, probe.Samples).Select(number => new EncodeTaskSpec(
            $"m{Text(number)}", [.. probe.Arguments(number)], [], probe.Length, IsStreamed: false, plan.Facts.Video!.Stream)
        {
            Urgency = 0,
            Ordinal = (plan.Ahead > 0 ? FirstSampleAfterSound : FirstSample) + number,
            Places = (int)Math.Ceiling((double)EncodeMemory.Of(plan.Facts.Video, probe.Ways, threads: 1, options) / options.EncodeMemoryBytes),
            SampledWays = probe.Ways.Rungs.Count,
        }),
    ];

    /// <summary>
    /// The sound, as far as its loudness is known where one is wanted, and the first rung of the first chunks: what makes the film playable.
    /// </summary>
    public static IReadOnlyList<EncodeTaskSpec> ToBegin(EncodePlan plan, IngestOptions options) =>
    [
        .. plan.Audio.Select((output, index) => (Output: output, Index: index))
            .Where(sound => options.LoudnessTarget is null || sound.Output.Loudness is not null)
            .Select(sound => Sound(plan, sound.Output, sound.Index, options)),
        .. plan.Chunks.Take(plan.Ahead)
            .Select(chunk => Pictures(
                plan, chunk, AheadName(chunk), plan.RunAhead, urgency: 0, chunk.Start <= options.SegmentDuration ? chunk.Index : FirstPicture + chunk.Index, options)),
    ];

    /// <summary>Those without which no picture can be shown: a segment is given out once the next one has begun.</summary>
    public static IEnumerable<string> ToShow(EncodePlan plan, IngestOptions options) =>
        plan.Chunks.Take(plan.Ahead).Where(chunk => chunk.Start <= options.SegmentDuration).Select(AheadName);

    /// <summary>
    /// Everything else: what goes on with what can be watched in its order, then the other rungs of the chunks that can be already. Where nothing is to be
    /// watched early, the longest first. Either way short ones come last, so that no worker has much to do yet when there is no work for the others.
    /// </summary>
    public static IReadOnlyList<EncodeTaskSpec> ToComplete(EncodePlan plan, IngestOptions options)
    {
        IEnumerable<Chunk> next = plan.Ahead > 0 ? plan.Chunks.Skip(plan.Ahead) : [];
        IEnumerable<Chunk> others = plan.Ahead > 0 ? plan.Chunks.Take(plan.Ahead) : plan.Chunks;
        return
        [
            .. next.Concat(others.OrderByDescending(chunk => (chunk.End ?? plan.Facts.Duration) - chunk.Start))
                .SelectMany(chunk => plan.RunsOf(chunk).Select((run, number) => (Chunk: chunk, Name: Name(chunk, number), Run: run)))
                .Where(task => task.Run.Rungs.Count > 0)
                .Select((task, place) => Pictures(plan, task.Chunk, task.Name, task.Run, urgency: 1, FirstPicture + place, options)),
        ];
    }

    /// <summary>How much before the first picture that is kept of a chunk has to be decoded.</summary>
    public static TimeSpan SeenBefore(VideoFacts video) => video.IsInterlaced ? DeinterlaceMargin : TimeSpan.Zero;

    /// <summary>
    /// How ffmpeg is told where to begin. Times stay the source's own, and which frames are meant is said by the filters in ticks: seeking only has to come before them.
    /// </summary>
    public static IEnumerable<string> SeekTo(Chunk chunk, VideoFacts video)
    {
        var start = chunk.Keyframe + SeekMargin ?? chunk.Start - SeenBefore(video);
        return start > TimeSpan.Zero ? ["-copyts", "-noaccurate_seek", "-ss", Text(start.TotalSeconds)] : ["-copyts"];
    }

    /// <summary>The task that makes a rung of a chunk.</summary>
    public static string TaskOf(EncodePlan plan, Chunk chunk, Rung rung) =>
        chunk.Index < plan.Ahead && rung == plan.Ladder.First
            ? AheadName(chunk)
            : Name(chunk, Math.Max(0, plan.Runs?.ToList().FindIndex(run => run.Rungs.Contains(rung.Id)) ?? 0));

    /// <summary>The task that measures how loud an output is.</summary>
    public static string MeasureOf(AudioOutput output) => $"{output.Id}-loudness";

    /// <summary>The name of a task's output for a rendition.</summary>
    public static string OutputName(string task, string rendition) => $"{task}-{rendition}.mp4";

    private static string AheadName(Chunk chunk) => string.Create(CultureInfo.InvariantCulture, $"f{chunk.Index:D4}");

    // c0003, and where one run does not make all rungs c0003b, c0003c and so on.
    private static string Name(Chunk chunk, int run) =>
        string.Create(CultureInfo.InvariantCulture, $"c{chunk.Index:D4}{(run > 0 ? ((char)('a' + run)).ToString() : "")}");

    private static EncodeTaskSpec Pictures(
        EncodePlan plan, Chunk chunk, string name, EncodeRun run, int urgency, int ordinal, IngestOptions options)
    {
        var video = plan.Facts.Video!;
        var threads = run.Threads;
        List<Rung> rungs = [.. plan.Ladder.Rungs.Where(rung => run.Rungs.Contains(rung.Id))];
        var timescale = plan.Timescale;
        List<string> arguments = [.. Begin, "-threads", Text(threads)];
        if (plan.IsCut) arguments.AddRange(SeekTo(chunk, video));
        arguments.AddRange(UntrustedInput.DecodingArguments(EncodePlan.SourceName, options.MaxPixels));
        arguments.AddRange(["-filter_complex", FilterGraph.For(video, plan.Ladder with { Rungs = rungs }, plan.IsCut ? Pick(plan, chunk) : null)]);
        var duration = EncodePlan.DurationOf(video, plan.Facts);
        var end = chunk.End ?? (duration > chunk.Start ? duration : chunk.Start + TimeSpan.FromSeconds(1));
        TimeSpan? keyframed = plan.IsCut ? (chunk.End ?? end + BeyondTheEnd) - chunk.Start : null;
        foreach (var rung in rungs)
        {
            arguments.AddRange(
            [
                "-map", $"[{rung.Id}]", .. VideoArguments.For(video, plan.Ladder, rung, options, threads, keyframed),
                // The edit list counts in the movie's ticks: in the track's, a start later than zero stays exact.
                "-movie_timescale", Text(timescale),
                .. Output(OutputName(name, rung.Id)),
            ]);
        }

        return new EncodeTaskSpec(
            name, [.. arguments], [.. rungs.Select(rung => OutputName(name, rung.Id))], (end - chunk.Start).TotalSeconds, IsStreamed: false, video.Stream)
        {
            Urgency = urgency,
            Ordinal = ordinal,
            Places = run.Places,
        };
    }

    // In ticks of the encode's own, of which the source's time base is a multiple: no rounding moves a frame over a border.
    private static string Pick(EncodePlan plan, Chunk chunk)
    {
        var start = (long)chunk.Start.TotalSeconds * plan.Timescale + plan.Origin;
        // What a source shows before its own zero belongs to the first chunk, as what it shows after its end to the last.
        List<string> borders = [];
        if (chunk.Index > 0) borders.Add($"start_pts={Text(start)}");
        if (chunk.End is { } end) borders.Add($"end_pts={Text((long)end.TotalSeconds * plan.Timescale + plan.Origin)}");
        var trim = borders.Count > 0 ? $"trim={string.Join(':', borders)}," : "";
        return $"settb=1/{Text(plan.Timescale)},{trim}setpts=PTS-{(start < 0 ? $"({Text(start)})" : Text(start))}";
    }

    private static EncodeTaskSpec Sound(EncodePlan plan, AudioOutput output, int index, IngestOptions options)
    {
        var name = OutputName(output.Id, "sound");
        return new EncodeTaskSpec(
            output.Id,
            [
                .. Begin,
                .. UntrustedInput.DecodingArguments(EncodePlan.SourceName, options.MaxPixels),
                "-map", $"0:{Text(output.Track.Stream)}", .. AudioArguments.For(output, SilentUntil(plan, output)),
                // Whole fragments as it goes, a segment long; the header once the first of them is known, with the priming in its edit list.
                "-movflags", "+delay_moov+default_base_moof", "-frag_duration", Text((long)options.SegmentDuration.TotalMicroseconds), "-flush_packets", "1",
                .. Output(name),
            ],
            [name], LengthOf(plan, output), IsStreamed: true, VideoStream: null)
        {
            Urgency = 0,
            Ordinal = FirstSound + index,
        };
    }

    private static EncodeTaskSpec Loudness(EncodePlan plan, AudioOutput output, int index, IngestOptions options) => new(
        MeasureOf(output),
        [
            .. Begin, .. UntrustedInput.DecodingArguments(EncodePlan.SourceName, options.MaxPixels),
            "-map", $"0:{Text(output.Track.Stream)}", "-af", AudioArguments.Measure(output), "-f", "null", "-",
        ],
        [], LengthOf(plan, output), IsStreamed: false, VideoStream: null)
    {
        Urgency = 0,
        Ordinal = FirstSound + index,
    };

    private static double LengthOf(EncodePlan plan, AudioOutput output) =>
        (output.Track.Duration > TimeSpan.Zero ? output.Track.Duration : plan.Facts.Duration).TotalSeconds;

    // Variants and renditions last equally long (RFC 8216bis §6.2.4): where the sound ends long before the pictures, silence goes on in its place.
    private static TimeSpan? SilentUntil(EncodePlan plan, AudioOutput output) =>
        plan.Facts.Video is { } video && video.Duration - output.Track.Duration > AtTheEnd ? video.Duration : null;

    private static readonly string[] Begin =
        ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+verbose", "-progress", "pipe:1", "-stats_period", "0.5"];

    private static IEnumerable<string> Output(string name) =>
    [
        // Nothing of the source's words goes on: no place, no camera, no chapter. Nothing of the clock either: the same input gives the same bytes.
        "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-f", "mp4", "-y", $"file:{name}",
    ];

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
