using System.Collections.Immutable;
using System.Globalization;
using Movento.Ingest.Chapters;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Probe;

/// <summary>From ffprobe's report to facts: which tracks count, and whether they may be encoded.</summary>
internal static class FactsReader
{
    private const int MaxChapters = 10_000;

    // Pictures a second.
    private const double HighestRate = 240;

    /// <exception cref="RejectedException">Nothing to encode, or something that may not be.</exception>
    public static MediaFacts Read(FfprobeReport report, IngestOptions options)
    {
        var streams = (report.Streams ?? []).Where(Presence(report)).ToList();
        var pictures = streams.Where(stream => stream.CodecType == "video" && !IsStill(stream)).ToList();
        var sounds = streams.Where(stream => stream.CodecType == "audio").ToList();
        if (pictures.Count == 0 && sounds.Count == 0)
            throw new RejectedException(RejectionReason.NoTracks, $"{streams.Count} streams that hold anything, none of them pictures or sound.");

        var video = Best(pictures);
        if (pictures.Count > 0 && video is null) throw Unsupported(pictures[0]);
        var supported = sounds.Where(stream => SupportedCodec.Audio.Contains(stream.CodecName ?? "") && stream.Channels > 0 && Rate(stream) > 0).ToList();
        // A further track that we cannot decode is left out; a film that would lose its only sound is not published.
        if (sounds.Count > 0 && supported.Count == 0) throw Unsupported(sounds[0]);

        var videoFacts = video is null ? null : Video(video);
        if (videoFacts is not null && (long)videoFacts.Width * videoFacts.Height > options.MaxPixels)
            throw new RejectedException(RejectionReason.TooManyPixels, $"{videoFacts.Width} × {videoFacts.Height}.");

        // Known so soon only where the first packets are all: what lies between many is up to the scan.
        if (videoFacts is { Packets: > 0 } && IsReadWhole(report) && videoFacts.Duration / videoFacts.Packets > options.MaxFrameGap)
            throw new RejectedException(RejectionReason.ImplausibleTiming, $"{videoFacts.Packets} pictures in {videoFacts.Duration}.");

        // The film's own sound first, whatever is marked: muxers mark every track, or the last one.
        var audio = supported.OrderBy(stream => AudioRole.Of(stream) is TrackRole.Commentary or TrackRole.Description)
            .ThenByDescending(stream => stream.Has("default")).ThenBy(stream => stream.Index)
            .Take(options.MaxAudioTracks).Select(Audio).ToImmutableArray();
        var duration = audio.Select(track => track.Duration).Append(videoFacts?.Duration ?? TimeSpan.Zero).Max();
        if (duration == TimeSpan.Zero) duration = Seconds(report.Format?.Duration);
        if (duration > options.MaxDuration) throw new RejectedException(RejectionReason.TooLong, $"{duration}.");
        var subtitles = Subtitles(streams, options, out var left);
        var notes = SourceNote.Bounded(
            [.. LeftPictures(pictures, video), .. LeftSound(sounds, supported, audio, options), .. left]);
        return new MediaFacts(report.Format?.FormatName ?? "", duration, videoFacts, audio)
        {
            StartTime = Time(report.Format?.StartTime), Subtitles = subtitles, Notes = notes, Chapters = Chapters(report),
        };
    }

    // A film is published without the subtitles that cannot be; its receipt says which they are.
    private static ImmutableArray<SubtitleFacts> Subtitles(List<FfprobeStream> streams, IngestOptions options, out List<SourceNote> left)
    {
        var found = ImmutableArray.CreateBuilder<SubtitleFacts>();
        left = [];
        foreach (var stream in streams.Where(stream => stream.CodecType == "subtitle"))
        {
            if (!SupportedCodec.Subtitles.Contains(stream.CodecName ?? ""))
                left.Add(Left(stream));
            else if (found.Count == options.MaxSubtitleTracks)
                left.Add(SourceNote.TooManySubtitles(stream.Index, options.MaxSubtitleTracks));
            else
                found.Add(Subtitles(stream));
        }
        return found.DrainToImmutable();
    }

    // The container's times; the film's begin where its first track does.
    private static ImmutableArray<ChapterFacts> Chapters(FfprobeReport report)
    {
        var zero = Time(report.Format?.StartTime);
        return
        [
            .. (report.Chapters ?? []).Take(MaxChapters)
                .Select(chapter => new ChapterFacts(Time(chapter.StartTime) - zero, Time(chapter.EndTime) - zero, TrackTitle.From(chapter.Tags))),
        ];
    }

    private static SourceNote Left(FfprobeStream stream) => stream.CodecName switch
    {
        "hdmv_pgs_subtitle" or "dvd_subtitle" or "dvb_subtitle" or "xsub" =>
            SourceNote.PictureSubtitles(stream.Index, stream.CodecName, LanguageTag.FromIso639(stream.Tags?.GetValueOrDefault("language"))),
        "eia_608" => SourceNote.ClosedCaptions(stream.Index),
        _ => SourceNote.UnknownSubtitles(stream.Index, stream.CodecName),
    };

    private static IEnumerable<SourceNote> LeftPictures(List<FfprobeStream> pictures, FfprobeStream? video)
    {
        foreach (var stream in pictures.Where(stream => stream != video)) yield return SourceNote.FurtherPictures(stream.Index, stream.Width, stream.Height);
        if (video?.ClosedCaptions == 1) yield return SourceNote.ClosedCaptions(video.Index);
    }

    private static IEnumerable<SourceNote> LeftSound(
        List<FfprobeStream> sounds, List<FfprobeStream> supported, ImmutableArray<AudioFacts> taken, IngestOptions options)
    {
        foreach (var stream in sounds.Except(supported)) yield return SourceNote.UnsupportedSound(stream.Index, stream.CodecName);
        foreach (var stream in supported.Where(stream => taken.All(track => track.Stream != stream.Index)))
            yield return SourceNote.TooManySounds(stream.Index, options.MaxAudioTracks);
        foreach (var track in taken.Where(track => !track.HasSpeakers)) yield return SourceNote.UnknownSpeakers(track.Stream, track.Channels);
    }

    private static SubtitleFacts Subtitles(FfprobeStream stream) => new()
    {
        Stream = stream.Index,
        Codec = stream.CodecName!,
        Language = LanguageTag.FromIso639(stream.Tags?.GetValueOrDefault("language")),
        Title = TrackTitle.From(stream.Tags),
        IsDefault = stream.Has("default"),
        Role = stream.Has("forced") ? TrackRole.ForcedSubtitle
            : stream.Has("hearing_impaired") || stream.Has("captions") ? TrackRole.Caption
            : stream.Has("comment") ? TrackRole.Commentary
            : TrackRole.Subtitle,
    };

    /// <summary>The largest picture, then the default one, then the first.</summary>
    private static FfprobeStream? Best(IEnumerable<FfprobeStream> pictures) => pictures
        .Where(stream => SupportedCodec.Video.Contains(stream.CodecName ?? "") && stream.Width > 0 && stream.Height > 0)
        .OrderByDescending(stream => (long)stream.Width * stream.Height)
        .ThenByDescending(stream => stream.Has("default"))
        .ThenBy(stream => stream.Index)
        .FirstOrDefault();

    private static VideoFacts Video(FfprobeStream stream) => new()
    {
        Stream = stream.Index,
        Codec = stream.CodecName!,
        Width = stream.Width,
        Height = stream.Height,
        SampleAspect = Fraction(stream.SampleAspectRatio, ':') is { Value: > 0 } aspect ? aspect : new(1, 1),
        Rotation = Rotation(stream),
        FrameRate = FrameRate(stream),
        TimeBase = Fraction(stream.TimeBase, '/') is { Value: > 0 } timeBase ? timeBase : new(1, 90_000),
        PixelFormat = stream.PixFmt ?? "unknown",
        IsInterlaced = stream.FieldOrder is "tt" or "bb" or "tb" or "bt",
        Transfer = stream.ColorTransfer,
        MasteringDisplay = MasteringDisplay.From(stream.SideDataList),
        ContentLight = ContentLight.From(stream.SideDataList),
        IsFullRange = stream.ColorRange == "pc" || stream.PixFmt?.StartsWith("yuvj", StringComparison.Ordinal) == true,
        Packets = Math.Max(Number(stream.NbFrames), Number(stream.NbReadPackets)),
        Duration = Length(stream),
    };

    private static AudioFacts Audio(FfprobeStream stream) => new()
    {
        Stream = stream.Index,
        Codec = stream.CodecName!,
        SampleRate = Rate(stream),
        Channels = stream.Channels,
        Layout = stream.ChannelLayout is { Length: > 0 } layout && layout != "unknown" ? layout : null,
        Role = AudioRole.Of(stream),
        Language = LanguageTag.FromIso639(stream.Tags?.GetValueOrDefault("language")),
        Title = TrackTitle.From(stream.Tags),
        IsDefault = stream.Has("default"),
        Duration = Length(stream),
    };

    // The average, unless it is one that no camera has: of a few packets with times in milliseconds ffprobe takes one for the other, and says 1000. What
    // both say is believed.
    private static Ratio FrameRate(FfprobeStream stream)
    {
        var (average, real) = (Fraction(stream.AvgFrameRate, '/'), Fraction(stream.RFrameRate, '/'));
        return average.Value is > 0 and <= HighestRate ? average : real.Value is > 0 and <= HighestRate ? real : average.Value > 0 ? average : new(25, 1);
    }

    // A cover in an audio file, a chapter's thumbnail: pictures, but no film.
    private static bool IsStill(FfprobeStream stream) =>
        stream.Has("attached_pic") || stream.Has("timed_thumbnails") || stream.Has("still_image");

    /// <summary>Tells which tracks hold any packet, from the first packets that were read and from what the headers say.</summary>
    private static Func<FfprobeStream, bool> Presence(FfprobeReport report)
    {
        var streams = report.Streams ?? [];
        // What was not seen is not there.
        if (IsReadWhole(report)) return IsSeen;
        // An index of samples (ISO/IEC 14496-12 §8.7) counts every track's; one that it does not count has none.
        if (streams.Any(stream => Number(stream.NbFrames) > 0)) return stream => IsSeen(stream) || Number(stream.NbFrames) > 0;
        // Else a track may begin late. Matroska's statistics say how long it is; a subtitle may be one line in the middle, and costs nothing where it is none.
        return stream => IsSeen(stream) || stream.CodecType == "subtitle" || Clock(stream.Tags?.GetValueOrDefault("DURATION")) > TimeSpan.Zero;
    }

    // The reading reached the end before it had its fill.
    private static bool IsReadWhole(FfprobeReport report) => (report.Streams ?? []).Sum(stream => Number(stream.NbReadPackets)) < MediaProbe.PacketsRead;

    private static bool IsSeen(FfprobeStream stream) => Number(stream.NbReadPackets) > 0;

    private static int Rotation(FfprobeStream stream)
    {
        var degrees = stream.SideDataList?.FirstOrDefault(data => data.Rotation is not null)?.Rotation ?? 0;
        if (!double.IsFinite(degrees)) return 0;
        var quarters = (long)Math.Round(-degrees / 90);
        return (int)((quarters % 4 + 4) % 4) * 90;
    }

    private static int Rate(FfprobeStream stream) => (int)Math.Min(Number(stream.SampleRate), int.MaxValue);

    private static long Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    // Matroska says it of a track in a tag, where whoever wrote the file counted.
    private static TimeSpan Length(FfprobeStream stream) =>
        Seconds(stream.Duration) is { } said && said > TimeSpan.Zero ? said
        : Clock(stream.Tags?.GetValueOrDefault("DURATION")) is { } counted && counted > TimeSpan.Zero ? counted : TimeSpan.Zero;

    private static TimeSpan Seconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;

    // Microseconds, six digits after the point; negative where a track begins before zero.
    private static TimeSpan Time(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(seconds) < 1_000_000_000
            ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : TimeSpan.Zero;

    // "00:00:02.023000000": nine digits of a second, two more than TimeSpan reads.
    private static TimeSpan Clock(string? text) =>
        TimeSpan.TryParse(text is { Length: > 16 } ? text[..16] : text, CultureInfo.InvariantCulture, out var time) ? time : TimeSpan.Zero;

    private static Ratio Fraction(string? text, char separator)
    {
        var parts = (text ?? "").Split(separator);
        return parts.Length == 2 && Number(parts[1]) > 0 ? new Ratio(Number(parts[0]), Number(parts[1])) : new Ratio(0, 1);
    }

    private static RejectedException Unsupported(FfprobeStream stream) =>
        new(RejectionReason.UnsupportedCodec, $"Stream {stream.Index} is {stream.CodecType} in {stream.CodecName ?? "an unknown codec"}.");
}
