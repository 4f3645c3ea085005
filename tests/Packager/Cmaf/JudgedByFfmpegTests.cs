using System.Globalization;
using Movento.Harness;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Cmaf;

/// <summary>What ffmpeg decodes from our files and manifests is what it decodes from the source: every frame, at its time.</summary>
[Collection(nameof(Films))]
public sealed class JudgedByFfmpegTests(Films films)
{
    public static TheoryData<string> WithPictures =>
    [
        nameof(Films.BFrames), nameof(Films.Fragmented), nameof(Films.LateAudio), nameof(Films.OpenGop), nameof(Films.Hlg),
        nameof(Films.BigBuckBunny), "tos_1080p2997_8s_qr.mp4", "nasa_13013_multitrack.mp4",
        "hostile/vfr.mp4", "hostile/one_frame.mp4", "hostile/odd_641x359_yuv444.mp4", "hostile/ffmc_input_video_only_3sec.mp4",
        "hostile/sample_rotate_and_reflect.mp4", "hostile/sample_missing_stsd.mp4", "hostile/sio_awesome'movie.mov",
    ];

    public static TheoryData<string> WithSound =>
    [
        nameof(Films.BFrames), nameof(Films.Fragmented), nameof(Films.LateAudio),
        "bbb_720p24_60s.mp4", "nasa_13013_multitrack.mp4", "hostile/sample_audio_only.mp4", "hostile/sample_rotate_and_reflect.mp4",
        "hostile/sio_awesome'movie.mov",
    ];

    [Theory]
    [MemberData(nameof(WithPictures))]
    public async Task Pictures_ThroughFileHlsAndDash_DecodeToTheSourcesFrames(string name)
    {
        var source = PathOf(name);
        using var film = await PackagedFilm.OfAsync(source, TrackKind.Video);
        var expected = await FrameCount.OfAsync(source);
        Assert.Equal(expected, film.Video.SampleCount);
        Assert.Equal(expected, await FrameCount.OfAsync(film.FileOf(film.Video)));
        Assert.Equal(expected, await FrameCount.OfAsync(film.Hls));
        Assert.Equal(expected, await FrameCount.OfAsync(film.Dash));
    }

    [Theory]
    [MemberData(nameof(WithPictures))]
    public async Task Pictures_Packaged_AreShownWhenTheSourceShowsThem(string name)
    {
        var source = PathOf(name);
        using var film = await PackagedFilm.OfAsync(source, TrackKind.Video);
        var expected = await TimesAsync(source, "v:0");

        // This source has negative composition offsets in its fragments, and ffmpeg 5.1 shows such a track later by the most
        // negative one (one picture here); what we write has none, so that ffmpeg shows it when it is due.
        var shift = name.StartsWith("tos", StringComparison.Ordinal) ? 1001 / 30000.0 : 0;
        AssertSameTimes([.. expected.Select(time => time - shift)], await TimesAsync(film.FileOf(film.Video), "v:0"));
    }

    [Theory]
    [MemberData(nameof(WithSound))]
    public async Task Sound_ThroughFileHlsAndDash_DecodesToTheSourcesSamples(string name)
    {
        var source = PathOf(name);
        using var film = await PackagedFilm.OfAsync(source, TrackKind.Audio);
        var expected = await HeardAsync(source, film.Audio);
        Assert.NotEmpty(expected);
        foreach (var packaged in new[] { film.FileOf(film.Audio), film.Hls, film.Dash })
        {
            var actual = await HeardAsync(packaged, film.Audio);
            Assert.Equal(expected.Length, actual.Length);
            Assert.InRange(actual.Sum(frame => frame.Duration) - expected.Sum(frame => frame.Duration), -0.0011, 0.0011);
        }
    }

    [Theory]
    [MemberData(nameof(WithSound))]
    public async Task Sound_Packaged_IsHeardWhenTheSourceSoundsIt(string name)
    {
        var source = PathOf(name);
        using var film = await PackagedFilm.OfAsync(source, TrackKind.Audio);
        var (expected, actual) = (await HeardAsync(source, film.Audio), await HeardAsync(film.FileOf(film.Audio), film.Audio));
        AssertSameTimes([.. expected.Select(frame => frame.Time)], [.. actual.Select(frame => frame.Time)]);
    }

    [Fact]
    public async Task Film_ThroughHls_HasBothStreamsWhole()
    {
        using var film = await PackagedFilm.OfAsync(films.BFrames, TrackKind.Video, TrackKind.Audio);
        Assert.Equal(250, await FrameCount.OfAsync(film.Hls));
        Assert.Equal((await HeardAsync(films.BFrames, film.Audio)).Length, (await HeardAsync(film.Hls, film.Audio)).Length);
    }

    [Fact]
    public async Task Segments_EachAlone_BeginWithAKeyframeAndDecode()
    {
        using var film = await PackagedFilm.OfAsync(films.BFrames, TrackKind.Video);
        var bytes = await File.ReadAllBytesAsync(film.FileOf(film.Video));
        var frames = 0;
        foreach (var segment in film.Video.Segments)
        {
            var path = film.Combine("segment.mp4");
            await File.WriteAllBytesAsync(
                path, [.. bytes.AsSpan(0, (int)film.Video.Initialization.Size), .. bytes.AsSpan((int)segment.Offset, (int)segment.Size)]);
            var packets = await Tool.OutputAsync("ffprobe", "-v", "error", "-show_entries", "packet=flags", "-of", "csv=p=0", path);
            Assert.StartsWith("K", packets, StringComparison.Ordinal);
            frames += await FrameCount.OfAsync(path);
        }

        Assert.Equal(250, frames);
    }

    private string PathOf(string name) => name switch
    {
        nameof(Films.BFrames) => films.BFrames,
        nameof(Films.BigBuckBunny) => films.BigBuckBunny,
        nameof(Films.Fragmented) => films.Fragmented,
        nameof(Films.LateAudio) => films.LateAudio,
        nameof(Films.OpenGop) => films.OpenGop,
        nameof(Films.Hlg) => films.Hlg,
        _ => Repository.Media(name),
    };

    // Seconds at which the packets are shown, in their order of time.
    private static async Task<double[]> TimesAsync(string path, string stream) => Numbers(await Tool.OutputAsync(
        "ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", "packet=pts_time", "-of", "csv=p=0", path));

    // When the decoded frames of sound are heard, and for how long: without the part before the presentation starts, which an
    // edit list hides. (From a progressive file ffmpeg drops that part itself; from fragments it gives it negative times.)
    private static async Task<(double Time, double Duration)[]> HeardAsync(string path, Rendition rendition)
    {
        var start = (double)rendition.Segments[0].Start / rendition.Timescale;
        var lines = await Tool.OutputAsync(
            "ffprobe", "-v", "error", "-select_streams", "a:0", "-show_entries", "frame=pts_time,nb_samples", "-of", "csv=p=0", path);
        var frames =
            from line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            let fields = Numbers(line.Replace(',', '\n'), sorted: false)
            let end = fields[0] + fields[1] / rendition.Audio!.SampleRate
            where end > start + 0.0001
            select (Math.Max(start, fields[0]), end - Math.Max(start, fields[0]));
        return [.. frames];
    }

    private static double[] Numbers(string lines, bool sorted = true)
    {
        var numbers = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(',')[0])
            .Where(text => double.TryParse(text, CultureInfo.InvariantCulture, out _))
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture));
        return [.. sorted ? numbers.Order() : numbers];
    }

    private static void AssertSameTimes(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.NotEmpty(expected);
        for (var index = 0; index < expected.Length; index++)
            Assert.True(Math.Abs(expected[index] - actual[index]) < 0.0011, $"{index}: {expected[index]} in the source, {actual[index]} packaged"); // the source's edits have milliseconds
    }
}
