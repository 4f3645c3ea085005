using Movento.Harness;

namespace Movento.Packager.Tests;

/// <summary>Films that ffmpeg makes for these tests, once a run.</summary>
public sealed class Films : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>10 s of 25 frames a second with B-frames and AAC with priming, a group of pictures every 2 s, progressive.</summary>
    public string BFrames => _folder.Combine("bframes.mp4");

    /// <summary>The first 10 s of Big Buck Bunny in 720p, in fragments as the whole film is: as many segments as tell one from the next.</summary>
    public string BigBuckBunny => _folder.Combine("big-buck-bunny.mp4");

    /// <summary>The packets of <see cref="BFrames"/> in fragments.</summary>
    public string Fragmented => _folder.Combine("fragmented.mp4");

    /// <summary>Those packets too; the sound begins half a second later, less its priming, which ffmpeg then does not mark.</summary>
    public string LateAudio => _folder.Combine("late-audio.mp4");

    /// <summary>Pictures that say in their parameter sets that they are HLG, 4:2:0 with odd cropping, pixels 4:3.</summary>
    public string Hlg => _folder.Combine("hlg.mp4");

    /// <summary>Open groups of pictures: after every I picture but the first, B pictures that are shown before it.</summary>
    public string OpenGop => _folder.Combine("open-gop.mp4");

    /// <summary>Small: 10 pictures and some sound in fragments, for mutations.</summary>
    public string Tiny => _folder.Combine("tiny.mp4");

    /// <summary>2 s of HEVC (hvc1), closed groups of pictures of 1 s with B pictures.</summary>
    public string Hevc => _folder.Combine("hevc.mp4");

    /// <summary>2 s of HEVC Main 10 (hev1) in PQ with mastering metadata, cropped, pixels 4:3, after 1 s a picture with leading pictures (CRA).</summary>
    public string HevcPq => _folder.Combine("hevc-pq.mp4");

    /// <summary>2 s of AV1, a key frame every second.</summary>
    public string Av1 => _folder.Combine("av1.mp4");

    /// <summary>2 s of AV1 with 10 bits in HLG.</summary>
    public string Av1Hlg => _folder.Combine("av1-hlg.mp4");

    /// <summary>2 s of VP9, a key frame every second.</summary>
    public string Vp9 => _folder.Combine("vp9.mp4");

    /// <summary>2 s of stereo Opus, its priming hidden by an edit list.</summary>
    public string Opus => _folder.Combine("opus.mp4");

    /// <summary>2 s of AC-3, 5.1.</summary>
    public string Ac3 => _folder.Combine("ac3.mp4");

    /// <summary>2 s of E-AC-3, 5.1.</summary>
    public string Eac3 => _folder.Combine("eac3.mp4");

    /// <summary>MP3, which is not packaged.</summary>
    public string Mp3 => _folder.Combine("mp3.mp4");

    public async Task InitializeAsync()
    {
        string[] pictures = ["-f", "lavfi", "-i", "testsrc2=rate=25:duration=10:size=320x180"];
        string[] sound = ["-f", "lavfi", "-i", "sine=duration=10:sample_rate=48000"];
        string[] avc = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-pix_fmt", "yuv420p"];
        await EncodeAsync([.. pictures, .. sound, .. avc, "-c:a", "aac", "-ac", "2", BFrames]);
        await FilmCut.MakeAsync(Repository.Media("bbb_720p24_60s.mp4"), BigBuckBunny, seconds: 10, isFragmented: true);
        await EncodeAsync(["-i", BFrames, "-c", "copy", "-movflags", "frag_keyframe+empty_moov+default_base_moof", Fragmented]);
        await EncodeAsync(["-i", BFrames, "-itsoffset", "0.5", "-i", BFrames, "-map", "0:v", "-map", "1:a", "-c", "copy", LateAudio]);
        await EncodeAsync([
            .. pictures, "-t", "1", "-vf", "scale=318:178,setsar=4/3", .. avc, "-x264-params", "transfer=arib-std-b67:colorprim=bt2020:colormatrix=bt2020nc", Hlg]);
        await EncodeAsync([.. pictures, .. avc, "-x264-params", "open-gop=1:b-adapt=0", OpenGop]);
        await EncodeAsync([
            .. pictures, .. sound, .. avc, "-t", "0.4", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov+default_base_moof", Tiny]);
        string[] brief = ["-f", "lavfi", "-i", "testsrc2=rate=25:duration=2:size=320x180"];
        string[] tone = ["-f", "lavfi", "-i", "sine=duration=2:sample_rate=48000"];
        string[] hevc = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params"];
        await EncodeAsync([.. brief, .. hevc, "log-level=none:keyint=25:open-gop=0:bframes=3", "-tag:v", "hvc1", Hevc]);
        await EncodeAsync([
            .. brief, "-vf", "scale=318:178,setsar=4/3", "-pix_fmt", "yuv420p10le", .. hevc,
            "log-level=none:keyint=26:min-keyint=26:open-gop=1:bframes=3:hdr10=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:max-cll=1000,400"
                + ":master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)",
            HevcPq]);
        await EncodeAsync([.. brief, "-c:v", "libsvtav1", "-preset", "12", "-g", "25", Av1]);
        await EncodeAsync([
            .. brief, "-c:v", "libsvtav1", "-preset", "12", "-g", "25", "-pix_fmt", "yuv420p10le",
            "-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc", "-color_range", "tv", Av1Hlg]);
        await EncodeAsync([.. brief, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "25", Vp9]);
        await EncodeAsync([.. tone, "-c:a", "libopus", "-ac", "2", Opus]);
        await EncodeAsync([.. tone, "-c:a", "ac3", "-ac", "6", Ac3]);
        await EncodeAsync([.. tone, "-c:a", "eac3", "-ac", "6", Eac3]);
        await EncodeAsync([.. tone, "-c:a", "libmp3lame", Mp3]);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private static Task<string> EncodeAsync(params string[] arguments) =>
        Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", "-threads", "2", .. arguments]);
}

/// <summary>Shares the films between the classes that use them.</summary>
[CollectionDefinition(nameof(Films))]
public sealed class SharedFilms : ICollectionFixture<Films>;
