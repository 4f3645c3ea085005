using Movento.Harness;

namespace Movento.Packager.Tests;

/// <summary>Films that ffmpeg makes for these tests, once a run.</summary>
public sealed class Films : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>10 s of 25 frames a second with B-frames and AAC with priming, a group of pictures every 2 s, progressive.</summary>
    public string BFrames => _folder.Combine("bframes.mp4");

    /// <summary>The same packets in fragments.</summary>
    public string Fragmented => _folder.Combine("fragmented.mp4");

    /// <summary>The same packets; the sound begins half a second later, less its priming, which ffmpeg then does not mark.</summary>
    public string LateAudio => _folder.Combine("late-audio.mp4");

    /// <summary>Pictures that say in their parameter sets that they are HLG, 4:2:0 with odd cropping, pixels 4:3.</summary>
    public string Hlg => _folder.Combine("hlg.mp4");

    /// <summary>Open groups of pictures: after every I picture but the first, B pictures that are shown before it.</summary>
    public string OpenGop => _folder.Combine("open-gop.mp4");

    /// <summary>Small: 10 pictures and some sound in fragments, for mutations.</summary>
    public string Tiny => _folder.Combine("tiny.mp4");

    /// <summary>HEVC, which is not packaged.</summary>
    public string Hevc => _folder.Combine("hevc.mp4");

    public async Task InitializeAsync()
    {
        string[] pictures = ["-f", "lavfi", "-i", "testsrc2=rate=25:duration=10:size=320x180"];
        string[] sound = ["-f", "lavfi", "-i", "sine=duration=10:sample_rate=48000"];
        string[] avc = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-pix_fmt", "yuv420p"];
        await EncodeAsync([.. pictures, .. sound, .. avc, "-c:a", "aac", "-ac", "2", BFrames]);
        await EncodeAsync(["-i", BFrames, "-c", "copy", "-movflags", "frag_keyframe+empty_moov+default_base_moof", Fragmented]);
        await EncodeAsync(["-i", BFrames, "-itsoffset", "0.5", "-i", BFrames, "-map", "0:v", "-map", "1:a", "-c", "copy", LateAudio]);
        await EncodeAsync([
            .. pictures, "-t", "1", "-vf", "scale=318:178,setsar=4/3", .. avc, "-x264-params", "transfer=arib-std-b67:colorprim=bt2020:colormatrix=bt2020nc", Hlg]);
        await EncodeAsync([.. pictures, .. avc, "-x264-params", "open-gop=1:b-adapt=0", OpenGop]);
        await EncodeAsync([
            .. pictures, .. sound, .. avc, "-t", "0.4", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov+default_base_moof", Tiny]);
        await EncodeAsync([.. pictures, "-t", "0.2", "-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1", Hevc]);
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
