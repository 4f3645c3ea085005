using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Presentations;

/// <summary>Presentations made by hand, for golden manifests.</summary>
internal static class Samples
{
    public static Rendition Video(string id = "v720", int width = 1280, int height = 720, long size = 1_000_000) => new()
    {
        Id = id,
        Kind = TrackKind.Video,
        Codecs = "avc1.64001f",
        Timescale = 30000,
        Initialization = new ByteRange(0, 800),
        SegmentIndex = new ByteRange(800, 68),
        Segments = [new Segment(868, size, 0, 120120), new Segment(868 + size, size / 2, 120120, 120120), new Segment(868 + size + size / 2, size / 4, 240240, 30030)],
        SampleCount = 270,
        Video = new VideoFormat(width, height, new FrameRate(30000, 1001), VideoRange.Sdr),
    };

    public static Rendition Audio(string id = "a0", string? language = "en", string? name = "English", bool isDefault = true, int channels = 2) => new()
    {
        Id = id,
        Kind = TrackKind.Audio,
        Codecs = "mp4a.40.2",
        Timescale = 44100,
        Initialization = new ByteRange(0, 700),
        SegmentIndex = new ByteRange(700, 56),
        Segments = [new Segment(756, 64_000, 0, 177152), new Segment(64_756, 80_000, 177152, 220160)],
        SampleCount = 388,
        Language = language,
        Name = name,
        IsDefault = isDefault,
        Audio = new AudioFormat(44100, channels),
    };

    public static Presentation Film() => new() { Renditions = [Video("v360", 640, 360, 400_000), Video(), Audio(), Audio("a1", "de", "Deutsch \"lang\"", false)] };

    public static Rendition Subtitles(string id = "s0", string language = "en", TrackRole role = TrackRole.Subtitle) => new()
    {
        Id = id,
        Kind = TrackKind.Text,
        Codecs = "wvtt",
        Timescale = 1000,
        Initialization = new ByteRange(0, 600),
        SegmentIndex = new ByteRange(600, 68),
        Segments = [new Segment(668, 200, 0, 4004), new Segment(868, 120, 4004, 4004), new Segment(988, 300, 8008, 1001)],
        TextSegmentSizes = [90, 60, 150],
        SampleCount = 7,
        Language = language,
        Role = role,
    };

    public static Encryption Encryption(EncryptionScheme scheme = EncryptionScheme.Cbcs) => new()
    {
        Scheme = scheme,
        Periods =
        [
            new KeyPeriod(0, UInt128.Parse("0123456789abcdef0123456789abcdef", NumberStyles.HexNumber, CultureInfo.InvariantCulture), 7),
            new KeyPeriod(2, UInt128.MaxValue, UInt128.MaxValue - 1),
        ],
        SystemHeaders = scheme == EncryptionScheme.Aes128 ? [] : [[0, 0, 0, 32, .. "pssh"u8, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0]],
    };

    public static ImmutableArray<byte> CommonHeader { get; } =
    [
        0, 0, 0, 52, .. "pssh"u8, 1, 0, 0, 0, .. Convert.FromHexString("1077efecc0b24d02ace33c1e52e2fb4b"), 0, 0, 0, 1,
        .. Convert.FromHexString("0123456789abcdef0123456789abcdef"), 0, 0, 0, 0,
    ];

    public static ImmutableArray<byte> PlayReadyHeader { get; } =
        [0, 0, 0, 35, .. "pssh"u8, 0, 0, 0, 0, .. Convert.FromHexString("9a04f07998404286ab92e65be0885f95"), 0, 0, 0, 3, 1, 2, 3];

    /// <summary>Everything that a presentation can hold.</summary>
    public static Presentation RichFilm() => new()
    {
        Renditions =
        [
            Video("v360", 640, 360, 400_000) with
            {
                Score = 1.5, Encryption = Encryption(),
                AccessPoints = [new AccessPoint(868, 9000, 0, 60060), new AccessPoint(200_868, 8000, 60060, 60060), new AccessPoint(400_868, 8500, 120120, 120120), new AccessPoint(600_868, 100, 240240, 30030)],
            },
            Video() with { Score = 2, SupplementalCodecs = "dvh1.08.07/db4h" },
            Audio(),
            Audio("a1", "de", "Deutsch", false) with { Role = TrackRole.Description, Audio = new AudioFormat(48000, 6) { JointObjects = 16 } },
            Subtitles(),
            Subtitles("s1", "de", TrackRole.ForcedSubtitle),
            Video("i0", 320, 180, 9000) with { Kind = TrackKind.Image, Codecs = "mjpg" },
        ],
        Thumbnails = new ThumbnailTiles(160, 90, 5, 4, TimeSpan.FromSeconds(2), 23, [30_000, 12_000]),
    };

    public static string Text(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
