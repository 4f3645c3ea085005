using System.Buffers;
using BenchmarkDotNet.Attributes;
using Movento.Packager.Dash;
using Movento.Packager.Hls;
using Movento.Packager.Presentations;

namespace Movento.Benchmarks.Packager;

/// <summary>Rendering the manifests of two hours in six rungs and two sounds, cut every 4 s, into a buffer that is large enough.</summary>
[MemoryDiagnoser]
public class PlaylistWriting
{
    private const int Segments = 1800;
    private static readonly int[] Heights = [240, 360, 480, 720, 1080, 1440];
    private static readonly string[] Sounds = ["a0", "a1"];
    private readonly ArrayBufferWriter<byte> _output = new(4 << 20);
    private Presentation _film = null!;
    private byte[] _json = [];

    [GlobalSetup]
    public void Setup()
    {
        _film = new Presentation
        {
            Renditions =
            [
                .. Heights.Select(height => Rendition($"v{height}", TrackKind.Video, height)),
                .. Sounds.Select(id => Rendition(id, TrackKind.Audio, 100)),
            ],
        };
        PresentationJson.Write(_output, _film);
        _json = _output.WrittenSpan.ToArray();
    }

    [Benchmark]
    public int WriteMultivariantPlaylist()
    {
        _output.ResetWrittenCount();
        MultivariantPlaylist.Write(_output, _film);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int WriteMediaPlaylist()
    {
        _output.ResetWrittenCount();
        MediaPlaylist.Write(_output, _film, _film.Renditions[3]);
        return _output.WrittenCount;
    }

    /// <summary>The figure of the promise: the multivariant playlist and every media playlist.</summary>
    [Benchmark]
    [Arguments(SegmentAddressing.ByteRanges)]
    [Arguments(SegmentAddressing.Segments)]
    public int WriteEveryPlaylist(SegmentAddressing addressing)
    {
        _output.ResetWrittenCount();
        MultivariantPlaylist.Write(_output, _film, addressing);
        foreach (var rendition in _film.Renditions)
            MediaPlaylist.Write(_output, _film, rendition, addressing);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int WriteMediaPresentationDescription()
    {
        _output.ResetWrittenCount();
        MediaPresentationDescription.Write(_output, _film);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int WritePresentationJson()
    {
        _output.ResetWrittenCount();
        PresentationJson.Write(_output, _film);
        return _output.WrittenCount;
    }

    [Benchmark]
    public Presentation ReadPresentationJson() => PresentationJson.Read(_json);

    private static Rendition Rendition(string id, TrackKind kind, int height) => new()
    {
        Id = id,
        Kind = kind,
        Codecs = kind == TrackKind.Video ? "avc1.64001f" : "mp4a.40.2",
        Timescale = 30_000,
        Initialization = new ByteRange(0, 800),
        SegmentIndex = new ByteRange(800, 32 + 12 * Segments),
        Segments =
        [
            .. Enumerable.Range(0, Segments).Select(index =>
                new Segment(832 + 12 * Segments + index * 1000L * height, 1000L * height, index * 120_120L, 120_120)),
        ],
        SampleCount = Segments * 120,
        Language = kind == TrackKind.Audio ? id : null,
        Video = kind == TrackKind.Video ? new VideoFormat(height * 16 / 9, height, new FrameRate(30_000, 1001), VideoRange.Sdr) : null,
        Audio = kind == TrackKind.Audio ? new AudioFormat(48_000, 2) : null,
    };
}
