using System.Buffers;
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

    public static string Text(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
