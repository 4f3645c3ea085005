using System.Buffers;
using System.Collections.Immutable;
using Movento.Contracts;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests.Host;

/// <summary>
/// A version of <see cref="Film.Asset"/> with a rung for every choice: manifests alone, as no media lies behind it. H.264 in three sizes, HEVC in
/// SDR and PQ, sound in three languages and two codecs, subtitles, still pictures, thumbnails, chapters, keys.
/// </summary>
internal static class Ladder
{
    public const int Version = 7;

    public static readonly UInt128 KeyId = new(1, 2);

    public static Presentation Presentation { get; } = new()
    {
        Renditions =
        [
            Video("v360", "avc1.64001e", 640, 360), Video("v720", "avc1.64001f", 1280, 720), Video("v1080", "avc1.640028", 1920, 1080),
            Video("h1080", "hvc1.1.6.L123.b0", 1920, 1080), Video("p2160", "hvc1.2.4.L153.b0", 3840, 2160, VideoRange.Pq),
            Audio("en", "mp4a.40.2", "en", isDefault: true), Audio("de", "mp4a.40.2", "de-AT"), Audio("xx", "mp4a.40.2", null),
            Audio("en6", "ec-3", "en", channels: 6),
            new Rendition
            {
                Id = "s0", Kind = TrackKind.Text, Codecs = "wvtt", Timescale = 1000, SampleCount = 2, Language = "en",
                Initialization = new ByteRange(0, 100), SegmentIndex = new ByteRange(100, 50),
                Segments = [new Segment(150, 500, 0, 4000), new Segment(650, 350, 4000, 4000)], TextSegmentSizes = [300, 200],
            },
            Video("i0", "mjpg", 320, 180) with { Kind = TrackKind.Image, Encryption = null },
        ],
        Thumbnails = new ThumbnailTiles(160, 90, 5, 5, TimeSpan.FromSeconds(2), 4, [5000]),
        Chapters = [new Chapter(TimeSpan.Zero, TimeSpan.FromSeconds(5), "One"), new Chapter(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8), "Two")],
    };

    /// <summary>The path of a file of it under a good token.</summary>
    public static string Path(EdgeHost edge, string file) => $"/{edge.Token()}/assets/{Film.Asset}/v{Version}/{file}";

    public static async Task PutAsync(EdgeHost edge, Presentation? presentation = null)
    {
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, presentation ?? Presentation);
        using var content = new MemoryStream(json.WrittenSpan.ToArray(), writable: false);
        await edge.Store.PutAsync(StorageKey.Presentation(Film.Asset, Version), content, "application/json", default);
    }

    private static ImmutableArray<Segment> Segments(int size) => [new Segment(1000, size, 0, 120_000), new Segment(1000 + size, size, 120_000, 120_000)];

    private static Rendition Video(string id, string codecs, int width, int height, VideoRange range = VideoRange.Sdr) => new()
    {
        Id = id, Kind = TrackKind.Video, Codecs = codecs, Timescale = 30_000, SampleCount = 240,
        Initialization = new ByteRange(0, 900), SegmentIndex = new ByteRange(900, 100), Segments = Segments(height * 1000),
        AccessPoints = [new AccessPoint(1000, 500, 0, 120_000), new AccessPoint(1000 + height * 1000, 500, 120_000, 120_000)],
        Video = new VideoFormat(width, height, new FrameRate(30, 1), range),
        Encryption = new Encryption
        {
            Scheme = EncryptionScheme.Cbcs, Periods = [new KeyPeriod(0, KeyId, 1)],
            SystemHeaders = [Packager.Protection.SystemHeader.Common([KeyId])],
        },
    };

    private static Rendition Audio(string id, string codecs, string? language, int channels = 2, bool isDefault = false) => new()
    {
        Id = id, Kind = TrackKind.Audio, Codecs = codecs, Timescale = 30_000, SampleCount = 400, Language = language, IsDefault = isDefault,
        Initialization = new ByteRange(0, 900), SegmentIndex = new ByteRange(900, 100), Segments = Segments(60_000),
        Audio = new AudioFormat(48_000, channels),
    };
}
