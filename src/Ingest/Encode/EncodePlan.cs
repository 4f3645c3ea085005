using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Ingest.Publish;

namespace Movento.Ingest.Encode;

/// <summary>What is encoded of a film, and how it is cut. Kept in the database, so that another worker can go on with it.</summary>
internal sealed record EncodePlan
{
    /// <summary>The name of the source in every folder that a tool works in.</summary>
    public const string SourceName = "source";

    public required MediaFacts Facts { get; init; }
    public required EncodingLadder Ladder { get; init; }
    public required ImmutableArray<AudioOutput> Audio { get; init; }

    /// <summary>The stretches of the pictures; none without pictures.</summary>
    public required ImmutableArray<Chunk> Chunks { get; init; }

    /// <summary>How many of the first chunks are encoded to the ladder's first rung before all others.</summary>
    public required int Ahead { get; init; }

    /// <summary>Whether a decoder begins in the middle of the source.</summary>
    [JsonIgnore]
    public bool IsCut => Chunks.Length > 1;

    /// <summary>Ticks a second of every encoded picture's time.</summary>
    [JsonIgnore]
    public int Timescale => VideoArguments.Timescale(Facts.Video!.TimeBase);

    /// <summary>The time in the source, in ticks of <see cref="Timescale"/>, that is the film's zero.</summary>
    [JsonIgnore]
    public long Origin => (long)Math.Round(Facts.StartTime.TotalSeconds * Timescale);

    /// <summary>The rung that the source's own pictures are, by its id: nothing is encoded for it. Null for none.</summary>
    public string? PassedThrough { get; init; }

    /// <summary>How the version is encrypted; null for in the clear.</summary>
    public VersionProtection? Protection { get; init; }

    /// <summary>The runs of ffmpeg over each chunk; null where one makes all rungs.</summary>
    public IReadOnlyList<EncodeRun>? Runs { get; init; }

    /// <summary>The rungs that are encoded.</summary>
    [JsonIgnore]
    public IReadOnlyList<Rung> Encoded => PassedThrough is null ? Ladder.Rungs : [.. Ladder.Rungs.Where(rung => rung.Id != PassedThrough)];

    /// <summary>A time of the source, in its own ticks, as a time of the film in ticks of <see cref="Timescale"/>; rounded as ffmpeg does.</summary>
    public long FilmTime(long ticks)
    {
        // av_rescale_q: to the nearest, halves away from zero.
        var (numerator, denominator) = ((Int128)ticks * Facts.Video!.TimeBase.Numerator * Timescale, (Int128)Facts.Video.TimeBase.Denominator);
        var half = denominator / 2;
        return (long)((numerator + (numerator < 0 ? -half : half)) / denominator) - Origin;
    }

    /// <summary>The name of an encoded track in the job's folder, in the clear.</summary>
    public static string FileName(string id) => $"{id}.mp4";

    /// <summary>Decides everything but the keys, and the ladder, of which only the first rung is used until it is known. Pure.</summary>
    /// <param name="facts">What the probe found.</param>
    /// <param name="ladder">As it is without an analysis.</param>
    /// <param name="audio">The tracks of sound to make.</param>
    /// <param name="options">How long segments are, and how much is encoded ahead.</param>
    public static EncodePlan Begin(MediaFacts facts, EncodingLadder ladder, ImmutableArray<AudioOutput> audio, IngestOptions options)
    {
        ImmutableArray<Chunk> chunks = [];
        if (facts.Video is { } video)
        {
            var duration = DurationOf(video, facts);
            // Where nothing says how long it is, one chunk takes all.
            chunks = facts.IsSeekable && duration > TimeSpan.Zero ? Chunk.Cut(duration, options.SegmentDuration, options.KeyframeInterval) : Chunk.Whole;
        }
        var isLong = chunks.Length > 1 && facts.Duration > 2 * options.FirstRungAhead && ladder.Rungs.Count > 1;
        return new EncodePlan
        {
            Facts = facts,
            Ladder = ladder,
            Audio = audio,
            Chunks = chunks,
            Ahead = isLong ? chunks.Count(chunk => chunk.Start < options.FirstRungAhead) : 0,
        };
    }

    /// <summary>The plan with chunks that begin where little is decoded in vain, but for those that have begun.</summary>
    public EncodePlan CutBy(PacketTable packets, IngestOptions options) => IsCut && SourceKeyframes.Of(packets, this) is { } source
        ? this with { Chunks = Chunk.Cut(DurationOf(Facts.Video!, Facts), options.SegmentDuration, options.KeyframeInterval, source, Ahead) }
        : this;

    /// <summary>How long the pictures are, as far as the header says.</summary>
    public static TimeSpan DurationOf(VideoFacts video, MediaFacts facts) => video.Duration > TimeSpan.Zero ? video.Duration : facts.Duration;

    /// <summary>The run that makes the first rung of a chunk ahead of all others: one thread each, so that the processes share the processors.</summary>
    [JsonIgnore]
    public EncodeRun RunAhead => new([Ladder.First!.Id], Threads: 1, Places: 1);

    /// <summary>The runs over a chunk, once the first rung of the first chunks is made ahead; one that has nothing left to make has no rungs.</summary>
    public IReadOnlyList<EncodeRun> RunsOf(Chunk chunk)
    {
        IReadOnlyList<EncodeRun> runs = Runs ?? [new([.. Encoded.Select(rung => rung.Id)], IsCut ? 1 : 0, Places: 1)];
        return chunk.Index < Ahead ? [.. runs.Select(run => run with { Rungs = [.. run.Rungs.Where(id => id != Ladder.First!.Id)] })] : runs;
    }
}

[JsonSerializable(typeof(EncodePlan))]
internal sealed partial class EncodePlanJson : JsonSerializerContext;
