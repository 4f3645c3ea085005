using Movento.Harness;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Cmaf;

/// <summary>What the packager reads out of parameter sets and sample tables.</summary>
[Collection(nameof(Films))]
public sealed class RenditionFactsTests(Films films)
{
    [Theory]
    [InlineData("bbb_720p24_60s.mp4", "avc1.64001f", 1280, 720, 24, 1)]
    [InlineData("tos_1080p2997_8s_qr.mp4", "avc1.640028", 1920, 1080, 30000, 1001)]
    [InlineData("nasa_13013_multitrack.mp4", "avc1.64000c", 320, 180, 25, 1)]
    [InlineData("hostile/odd_641x359_yuv444.mp4", "avc1.f4001e", 641, 359, 25, 1)]
    public async Task Pictures_OfRealFilms_AreMeasured(string name, string codecs, int width, int height, long frames, long seconds)
    {
        using var film = await PackagedFilm.OfAsync(Repository.Media(name), TrackKind.Video);
        Assert.Equal(codecs, film.Video.Codecs);
        Assert.Equal(
            new VideoFormat(width, height, new FrameRate(frames, seconds), VideoRange.Sdr), film.Video.Video! with { SampleAspectRatio = SampleAspectRatio.Square });
    }

    [Fact]
    public async Task Pictures_WithUsabilityInformation_HaveItsRangeAndShape()
    {
        using var film = await PackagedFilm.OfAsync(films.Hlg, TrackKind.Video);
        Assert.Equal(VideoRange.Hlg, film.Video.Video!.Range);
        Assert.Equal((318, 178), (film.Video.Video.Width, film.Video.Video.Height));
        Assert.Equal(new SampleAspectRatio(4, 3), film.Video.Video.SampleAspectRatio);
    }

    [Theory]
    [InlineData("bbb_720p24_60s.mp4", 48000, 2)]
    [InlineData("nasa_13013_multitrack.mp4", 8000, 2)]
    [InlineData("hostile/sample_audio_only.mp4", 44100, 1)]
    [InlineData("hostile/sio_awesome'movie.mov", 44100, 2)]
    public async Task Sound_OfRealFilms_IsMeasured(string name, int sampleRate, int channels)
    {
        using var film = await PackagedFilm.OfAsync(Repository.Media(name), TrackKind.Audio);
        Assert.Equal("mp4a.40.2", film.Audio.Codecs);
        Assert.Equal(new AudioFormat(sampleRate, channels), film.Audio.Audio);
    }

    [Fact]
    public async Task VariableFrameRate_IsTheAverageToAThousandth()
    {
        using var film = await PackagedFilm.OfAsync(Repository.Media("hostile/vfr.mp4"), TrackKind.Video);
        var rate = film.Video.Video!.FrameRate;
        Assert.InRange((double)rate.Numerator / rate.Denominator, 126 / 4.1, 126 / 3.9);
        Assert.Equal(0, 1000 % rate.Denominator);
    }
}
