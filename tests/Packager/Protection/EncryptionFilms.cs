using Movento.Harness;

namespace Movento.Packager.Tests.Protection;

/// <summary>Films whose slices and tiles are as many-sided as encoders make them.</summary>
public sealed class EncryptionFilms : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The films with pictures.</summary>
    public static readonly string[] WithPictures =
        [nameof(Avc), nameof(AvcSlices), nameof(AvcInterlaced), nameof(AvcCavlc), nameof(Hevc), nameof(HevcSlices), nameof(Av1), nameof(Av1Tiles)];

    /// <summary>A film's path.</summary>
    public string this[string name] => _folder.Combine($"{name}.mp4");

    /// <summary>H.264 high with B-frames and weighted prediction, and AAC.</summary>
    public string Avc => this[nameof(Avc)];

    /// <summary>H.264, eight slices a picture.</summary>
    public string AvcSlices => this[nameof(AvcSlices)];

    /// <summary>H.264 as fields.</summary>
    public string AvcInterlaced => this[nameof(AvcInterlaced)];

    /// <summary>H.264 baseline: CAVLC, no B-frames, several reference pictures.</summary>
    public string AvcCavlc => this[nameof(AvcCavlc)];

    /// <summary>HEVC with B-frames, weighted prediction, long reference sets, adaptive offset and entry points.</summary>
    public string Hevc => this[nameof(Hevc)];

    /// <summary>HEVC, four slices a picture.</summary>
    public string HevcSlices => this[nameof(HevcSlices)];

    /// <summary>AV1 of SVT-AV1: hidden frames, frames shown again, global motion, film grain.</summary>
    public string Av1 => this[nameof(Av1)];

    /// <summary>AV1 of four tiles a frame.</summary>
    public string Av1Tiles => this[nameof(Av1Tiles)];

    public async Task InitializeAsync()
    {
        string[] pictures = ["-f", "lavfi", "-i", "testsrc2=rate=25:duration=4:size=640x360,fade=in:0:40"];
        string[] avc = ["-c:v", "libx264", "-preset", "medium", "-g", "50", "-pix_fmt", "yuv420p"];
        string[] hevc = ["-c:v", "libx265", "-preset", "fast", "-tag:v", "hvc1"];
        await EncodeAsync([
            .. pictures, "-f", "lavfi", "-i", "sine=duration=4:sample_rate=48000", .. avc, "-bf", "4", "-refs", "5",
            "-x264-params", "weightp=2:weightb=1:b-pyramid=normal", "-c:a", "aac", Avc]);
        await EncodeAsync([.. pictures, .. avc, "-x264-params", "slices=8", AvcSlices]);
        await EncodeAsync([.. pictures, .. avc, "-flags", "+ilme+ildct", "-x264-params", "tff=1", AvcInterlaced]);
        await EncodeAsync([.. pictures, .. avc, "-profile:v", "baseline", "-refs", "4", AvcCavlc]);
        await EncodeAsync([.. pictures, .. hevc, "-x265-params", "log-level=none:bframes=4:weightb=1:wpp=1:keyint=50", Hevc]);
        await EncodeAsync([.. pictures, .. hevc, "-x265-params", "log-level=none:slices=4:keyint=25:open-gop=1", HevcSlices]);
        await EncodeAsync([.. pictures, "-c:v", "libsvtav1", "-preset", "8", "-g", "50", "-svtav1-params", "film-grain=8:enable-overlays=1", Av1]);
        await EncodeAsync([.. pictures, "-c:v", "libsvtav1", "-preset", "10", "-g", "25", "-svtav1-params", "tile-columns=1:tile-rows=1", Av1Tiles]);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private static Task<string> EncodeAsync(params string[] arguments) =>
        Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", "-threads", "2", .. arguments]);
}
