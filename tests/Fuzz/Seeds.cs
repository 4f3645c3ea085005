using System.Buffers;
using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;
using Movento.Packager.Subtitles;

namespace Movento.Fuzz;

/// <summary>Good inputs, as small as they come: ffmpeg makes the films, the packager what follows from them.</summary>
public sealed class Seeds : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<(byte[] Bytes, TrackKind Kind)> _films = [];

    private Seeds()
    {
    }

    /// <summary>Films of every codec that is packaged, each with the kind of track to take.</summary>
    public IReadOnlyList<(byte[] Bytes, TrackKind Kind)> Films => _films;

    /// <summary>Packaged files, in the clear and encrypted.</summary>
    public List<byte[]> Packaged { get; } = [];

    /// <summary>A whole presentation, as files by their addresses.</summary>
    public Dictionary<string, byte[]> Presentation { get; } = [];

    /// <summary>WebVTT and SubRip.</summary>
    public List<byte[]> Subtitles { get; } = ["WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:r lines:3\n\n1\n00:00.000 --> 00:02.500 align:start line:-1 region:r\n<v Ada>Hello <i>there</i> &amp; <00:01.000>you\n\nNOTE a word\n\n01:00:00.000 --> 01:00:01.000\n- two\n- lines\n"u8.ToArray(),
        "1\r\n00:00:00,000 --> 00:00:02,000\r\n<i>Hello</i> {\\an8}there\r\n\r\n2\r\n00:00:01,500 --> 00:00:03,000 X1:10 X2:20\r\n<font color=\"#ff0000\">Red</font>\r\nand more\r\n"u8.ToArray()];

    /// <summary>JPEGs, one after another.</summary>
    public byte[] Pictures { get; private set; } = [];

    /// <summary>Runs ffmpeg for a few seconds.</summary>
    public static async Task<Seeds> MakeAsync()
    {
        var seeds = new Seeds();
        string[] pictures = ["-f", "lavfi", "-i", "testsrc2=rate=25:duration=0.24:size=64x36"];
        string[] sound = ["-f", "lavfi", "-i", "sine=duration=0.2:sample_rate=48000"];
        string[] fragments = ["-movflags", "frag_keyframe+empty_moov+default_base_moof"];
        await seeds.AddFilmAsync("avc.mp4", TrackKind.Video, [.. pictures, .. sound, "-c:v", "libx264", "-g", "3", "-bf", "1", "-pix_fmt", "yuv420p", "-c:a", "aac"]);
        await seeds.AddFilmAsync("avc-fragmented.mp4", TrackKind.Video, [.. pictures, "-c:v", "libx264", "-g", "3", .. fragments]);
        await seeds.AddFilmAsync("hevc.mp4", TrackKind.Video, [.. pictures, "-c:v", "libx265", "-x265-params", "log-level=none:keyint=3", "-tag:v", "hvc1"]);
        await seeds.AddFilmAsync("av1.mp4", TrackKind.Video, [.. pictures, "-vf", "scale=64:64", "-c:v", "libsvtav1", "-preset", "12", "-g", "3"]);
        await seeds.AddFilmAsync("vp9.mp4", TrackKind.Video, [.. pictures, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-g", "3"]);
        await seeds.AddFilmAsync("aac.m4a", TrackKind.Audio, [.. sound, "-c:a", "aac", .. fragments]);
        await seeds.AddFilmAsync("aac.mov", TrackKind.Audio, [.. sound, "-c:a", "aac"]);
        await seeds.AddFilmAsync("opus.mp4", TrackKind.Audio, [.. sound, "-c:a", "libopus"]);
        await seeds.AddFilmAsync("ac3.mp4", TrackKind.Audio, [.. sound, "-c:a", "ac3", "-b:a", "64k"]);
        await seeds.AddFilmAsync("eac3.mp4", TrackKind.Audio, [.. sound, "-c:a", "eac3", "-b:a", "64k"]);
        var subRip = seeds._folder.Combine("s.srt");
        await File.WriteAllBytesAsync(subRip, seeds.Subtitles[1]);
        await seeds.AddFilmAsync("text.mp4", TrackKind.Text, ["-i", subRip, "-c:s", "mov_text"]);
        await EncodeAsync([.. pictures, "-frames:v", "3", "-f", "mjpeg", seeds._folder.Combine("pictures.jpg")]);
        seeds.Pictures = await File.ReadAllBytesAsync(seeds._folder.Combine("pictures.jpg"));
        await seeds.PackageAsync();
        return seeds;
    }

    /// <summary>A key of no secrecy.</summary>
    public static EncryptionSettings Encryption(EncryptionScheme scheme) => new() { Scheme = scheme, Keys = [new ContentKey(7, "a key of no value"u8[..16], 9)], SegmentsPerKey = 2 };

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private async Task AddFilmAsync(string name, TrackKind kind, string[] arguments)
    {
        var path = _folder.Combine(name);
        await EncodeAsync([.. arguments, path]);
        _films.Add((await File.ReadAllBytesAsync(path), kind));
    }

    private async Task PackageAsync()
    {
        foreach (var (bytes, kind) in _films)
        {
            if (kind == TrackKind.Text)
                continue;
            Packaged.Add((await PackageAsync(bytes, kind, "x", null)).Bytes);
            if (kind == TrackKind.Video && bytes != _films[4].Bytes) // VP9 is not encrypted
                Packaged.Add((await PackageAsync(bytes, kind, "x", Encryption(EncryptionScheme.Cbcs))).Bytes);
        }

        // A presentation of everything.
        var (video, videoBytes) = await PackageAsync(_films[0].Bytes, TrackKind.Video, "v", null);
        var (audio, audioBytes) = await PackageAsync(_films[5].Bytes, TrackKind.Audio, "a", Encryption(EncryptionScheme.Cbcs));
        using MemoryStream track = new(), segments = new(), sidecar = new();
        var text = await SubtitlePackager.PackageAsync(
            SubtitleTrack.Read(Subtitles[0]), new SubtitleSettings { Id = "s", Duration = TimeSpan.FromSeconds(3) }, new SubtitleOutputs(track, segments, sidecar), CancellationToken.None);
        (Presentation["v.mp4"], Presentation["a.mp4"]) = (videoBytes, audioBytes);
        (Presentation["s.mp4"], Presentation["s.segments.vtt"], Presentation["s.vtt"]) = (track.ToArray(), segments.ToArray(), sidecar.ToArray());
        Packaged.Add(track.ToArray());
        var presentation = new Presentation { Renditions = [video, audio, text] };
        var output = new ArrayBufferWriter<byte>();
        foreach (var manifest in ManifestFile.Of(presentation, SegmentAddressing.ByteRanges))
        {
            output.ResetWrittenCount();
            manifest.Write(output);
            Presentation[manifest.Path] = output.WrittenSpan.ToArray();
        }

        output.ResetWrittenCount();
        PresentationJson.Write(output, presentation);
        Presentation["presentation.json"] = output.WrittenSpan.ToArray();
    }

    private static async Task<(Rendition Rendition, byte[] Bytes)> PackageAsync(byte[] source, TrackKind kind, string id, EncryptionSettings? encryption)
    {
        var output = new MemoryStream();
        var settings = new CmafSettings { Id = id, Kind = kind, SegmentDuration = TimeSpan.FromMilliseconds(100), Encryption = encryption };
        return (await CmafPackager.PackageAsync(new MemoryStream(source), output, settings, CancellationToken.None), output.ToArray());
    }

    private static Task<string> EncodeAsync(params string[] arguments) =>
        Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", "-threads", "1", "-fflags", "+bitexact", .. arguments]);
}
