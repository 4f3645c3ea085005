using System.Collections.Immutable;
using Movento.Ingest.Chapters;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Probe;

/// <summary>What the probe found in an upload: everything that the ladder and the encode are decided from.</summary>
/// <param name="Container">The demuxer that reads it, such as <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="Duration">From the earliest to the latest time of the tracks that are used; zero where nothing says it.</param>
/// <param name="Video">The best video track, or null.</param>
/// <param name="Audio">Every audio track that can be decoded, the default one first.</param>
internal sealed record MediaFacts(string Container, TimeSpan Duration, VideoFacts? Video, ImmutableArray<AudioFacts> Audio)
{
    /// <summary>The earliest time of any track, to the microsecond: what ffmpeg makes the film's zero. Negative where a track begins before it.</summary>
    public TimeSpan StartTime { get; init; }

    /// <summary>Whether the container has an index of times, so that a decoder can begin in the middle and meet the same frames.</summary>
    public bool IsSeekable => Container.Split(',') is ["mov", ..] or ["matroska", ..];

    /// <summary>Every track of subtitles that are text.</summary>
    public ImmutableArray<SubtitleFacts> Subtitles { get; init; } = [];

    /// <summary>Its chapters, in the film's time.</summary>
    public ImmutableArray<ChapterFacts> Chapters { get; init; } = [];

    /// <summary>What was in the file and is left out.</summary>
    public ImmutableArray<SourceNote> Notes { get; init; } = [];
}

/// <summary>An exact fraction.</summary>
internal readonly record struct Ratio(long Numerator, long Denominator)
{
    public double Value => Denominator == 0 ? 0 : (double)Numerator / Denominator;
}

/// <summary>A video track as it lies in the file.</summary>
internal sealed record VideoFacts
{
    /// <summary>Its stream index in the file.</summary>
    public required int Stream { get; init; }

    /// <summary>As ffprobe names it.</summary>
    public required string Codec { get; init; }

    /// <summary>Coded width after cropping, before rotation, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Coded height after cropping, before rotation, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Width over height of one pixel; 1:1 where the file does not say.</summary>
    public Ratio SampleAspect { get; init; } = new(1, 1);

    /// <summary>Quarter turns that a player makes: 0, 90, 180 or 270 degrees.</summary>
    public int Rotation { get; init; }

    /// <summary>Frames a second on the average.</summary>
    public required Ratio FrameRate { get; init; }

    /// <summary>Seconds a tick of its timestamps.</summary>
    public required Ratio TimeBase { get; init; }

    /// <summary>As ffmpeg names it, such as <c>yuv420p10le</c>.</summary>
    public required string PixelFormat { get; init; }

    /// <summary>Whether a frame holds two fields.</summary>
    public bool IsInterlaced { get; init; }

    /// <summary>Transfer characteristics as ffmpeg names them, or null.</summary>
    public string? Transfer { get; init; }

    /// <summary>Whether samples use the whole range of values (JPEG range).</summary>
    public bool IsFullRange { get; init; }

    /// <summary>Packets that the header counts, else those that the probe read; <see cref="PacketTable.Count"/> is exact.</summary>
    public required long Packets { get; init; }

    /// <summary>How long it says that it is; zero where it does not.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>High dynamic range: SMPTE ST 2084 or ARIB STD-B67.</summary>
    public bool IsHighDynamicRange => Range != VideoRange.Sdr;

    /// <summary>The dynamic range that the transfer characteristics mean.</summary>
    public VideoRange Range => Transfer switch { "smpte2084" => VideoRange.Pq, "arib-std-b67" => VideoRange.Hlg, _ => VideoRange.Sdr };

    /// <summary>The screen that the pictures were made on, where the container says it.</summary>
    public MasteringDisplay? MasteringDisplay { get; init; }

    /// <summary>How bright the pictures are, where the container says it.</summary>
    public ContentLight? ContentLight { get; init; }
}

/// <summary>An audio track as it lies in the file.</summary>
internal sealed record AudioFacts
{
    /// <summary>Its stream index in the file.</summary>
    public required int Stream { get; init; }

    /// <summary>As ffprobe names it.</summary>
    public required string Codec { get; init; }

    /// <summary>Samples a second.</summary>
    public required int SampleRate { get; init; }

    /// <summary>Channels.</summary>
    public required int Channels { get; init; }

    /// <summary>The speakers, as ffmpeg names them, such as <c>5.1(side)</c>; null where the file does not say.</summary>
    public string? Layout { get; init; }

    /// <summary>Whether the channels can be told apart: of six without names ffmpeg takes the usual order; above eight there is none.</summary>
    public bool HasSpeakers => Layout is not null || Channels <= 8;

    /// <summary>What it is for, as the file marks or calls it.</summary>
    public TrackRole Role { get; init; }

    /// <summary>A BCP 47 language tag, or null.</summary>
    public string? Language { get; init; }

    /// <summary>What its author called it, or null.</summary>
    public string? Title { get; init; }

    /// <summary>Whether the file marks it as the one to play unasked.</summary>
    public bool IsDefault { get; init; }

    /// <summary>How long it says that it is; zero where it does not.</summary>
    public TimeSpan Duration { get; init; }
}
