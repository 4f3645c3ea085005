using System.Security.Cryptography;
using System.Text.Json;
using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Tests.Running;

namespace Movento.Ingest.Tests;

/// <summary>The whole way of a film, judged by ffprobe.</summary>
public sealed class PipelineTests(IngestFixture ingest) : IClassFixture<IngestFixture>
{
    [Fact]
    public async Task FilmWithManyTracks_Published_HasTheBestPicturesAndEverySound()
    {
        var path = Repository.Media("nasa_13013_multitrack.mp4");
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
        var presentation = await outcome.PresentationAsync();

        Assert.Equal(["v270"], presentation.Video.Select(rung => rung.Id));
        Assert.Equal(["a0", "a1"], presentation.Audio.Select(audio => audio.Id));
        Assert.Equal([true, false], presentation.Audio.Select(audio => audio.IsDefault));
        Assert.Equal(2, presentation.Audio.Select(audio => audio.Name).Distinct().Count());
        Assert.All(presentation.Audio, audio => Assert.Equal((48_000, 2), (audio.Audio!.SampleRate, audio.Audio.Channels)));

        // The larger track is the source's second one.
        var expected = OutsideProbe.CountFrames(path, stream: 1);
        Assert.Equal(390, expected);
        var file = await outcome.FetchAsync("v270", ingest.Folder.FullName);
        Assert.Equal(expected, OutsideProbe.CountFrames(file));
        Assert.Equal("30000/1001", OutsideProbe.Video(file, "r_frame_rate"));
        Assert.Equal(7, OutsideProbe.Keyframes(file).Count);
        Assert.Equal(13.013, presentation.Video.First().Duration.TotalSeconds, 0.04);
        Assert.Equal(13.0, presentation.Audio.First().Duration.TotalSeconds, 0.1);
    }

    [Fact]
    public async Task Version_Published_HasItsReceiptAndItsPoster()
    {
        var path = Repository.Media("hostile/ffmc_input_video_only_3sec.mp4");
        var outcome = await ingest.EndAsync(path);
        var asset = AssetId.Parse(outcome.Id);

        await using var stream = await ingest.Host.Store.OpenAsync(StorageKey.Receipt(asset, outcome.Version), default);
        var receipt = (await JsonDocument.ParseAsync(stream!)).RootElement;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))), receipt.GetProperty("source").GetProperty("sha256").GetString());
        Assert.StartsWith("ffmpeg version", receipt.GetProperty("tools").GetProperty("ffmpeg").GetString(), StringComparison.Ordinal);
        Assert.Equal(75, receipt.GetProperty("decodedFrames").GetInt64());
        // Nothing of the machine's own folders goes into a receipt.
        Assert.DoesNotContain(ingest.Folder.FullName, receipt.ToString(), StringComparison.Ordinal);
        var outputs = receipt.GetProperty("outputs").EnumerateArray().ToList();
        // Four rungs, the still pictures, a file of thumbnails, the poster.
        Assert.Equal(7, outputs.Count);
        foreach (var output in outputs)
        {
            var file = ingest.Folder.Combine($"{outcome.Id}-{output.GetProperty("name").GetString()!.Replace('/', '-')}");
            Assert.True(await ingest.Host.Store.CopyToFileAsync(
                StorageKey.VersionPrefix(asset, outcome.Version) + output.GetProperty("name").GetString(), file, default));
            Assert.Equal(output.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file))));
            if (file.EndsWith("poster.jpg", StringComparison.Ordinal))
                Assert.Equal("mjpeg,640,360", OutsideProbe.Video(file, "codec_name,width,height"));
        }
    }

    [Fact]
    public async Task FilmOfVariableFrameRate_Published_KeepsTheTimeOfEveryFrame()
    {
        var path = Repository.Media("hostile/vfr.mp4");
        var outcome = await ingest.EndAsync(path);
        var expected = OutsideProbe.FrameTimes(path);
        foreach (var rung in (await outcome.PresentationAsync()).Video)
        {
            var actual = OutsideProbe.FrameTimes(await outcome.FetchAsync(rung.Id, ingest.Folder.FullName));
            Assert.Equal(expected.Count, actual.Count);
            for (var i = 0; i < expected.Count; i++) Assert.Equal(expected[i] - expected[0], actual[i] - actual[0], 0.000_5);
        }
    }

    [Theory]
    [InlineData("ten-bit", "-pix_fmt yuv420p10le", "yuv420p,320x180")]
    [InlineData("full-range", "-pix_fmt yuvj420p", "yuv420p,320x180")]
    [InlineData("hdr", "-pix_fmt yuv420p10le -color_trc smpte2084 -color_primaries bt2020 -colorspace bt2020nc", "yuv420p,320x180")]
    [InlineData("interlaced", "-flags +ilme+ildct -x264-params tff=1", "yuv420p,320x180")]
    [InlineData("fast", "-r 120", "yuv420p,320x180")]
    public async Task FilmOfAnotherKind_Published_IsWhatEveryPlayerPlays(string name, string options, string expected)
    {
        var path = Make($"{name}.mp4", $"-f lavfi -i testsrc2=s=320x180:r=25:d=1.2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p {options}");
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
        var rung = Assert.Single((await outcome.PresentationAsync()).Video);
        var file = await outcome.FetchAsync(rung.Id, ingest.Folder.FullName);
        Assert.Equal(expected, $"{OutsideProbe.Video(file, "pix_fmt")},{OutsideProbe.Video(file, "width")}x{OutsideProbe.Video(file, "height")}");
        Assert.Equal("progressive", OutsideProbe.Video(file, "field_order"));
        Assert.Equal(name == "hdr" ? "bt709" : "unknown", OutsideProbe.Video(file, "color_transfer"));
        var source = OutsideProbe.CountFrames(path);
        Assert.Equal(name == "fast" ? source / 2 : source, OutsideProbe.CountFrames(file));
    }

    [Theory]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public async Task FilmTurned_Published_IsUpright(int degrees)
    {
        var lying = Make("lying.mp4", "-f lavfi -i testsrc2=s=320x180:r=25:d=0.4 -c:v libx264 -preset ultrafast -pix_fmt yuv420p");
        var path = Make("turned.mp4", $"-i {lying} -c copy -metadata:s:v:0 rotate={degrees}");
        var outcome = await ingest.EndAsync(path);
        var rung = Assert.Single((await outcome.PresentationAsync()).Video);
        Assert.Equal(degrees == 180 ? (320, 180) : (180, 320), (rung.Video!.Width, rung.Video.Height));
        // ffmpeg turns the source upright by itself: the same picture, or not.
        var file = await outcome.FetchAsync(rung.Id, ingest.Folder.FullName);
        Assert.InRange(Assert.Single(OutsideProbe.Similarities(path, [(file, rung.Video.Width, rung.Video.Height)])), 0.9, 1);
    }

    [Fact]
    public async Task SoundOnly_Published_HasNoRungsAndNoPoster()
    {
        var path = Make("surround.mka",
            "-f lavfi -i aevalsrc=0.1*sin(440*t)|0|0|0|0|0:c=5.1:d=2 -f lavfi -i sine=f=200:d=2 -map 0 -map 1 -c:a flac -metadata:s:a:0 language=ger -metadata:s:a:1 language=eng");
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
        var presentation = await outcome.PresentationAsync();
        Assert.Empty(presentation.Video);
        // The sound in 5.1 goes by the name of the one in stereo.
        Assert.Equal([("de", "Deutsch", 2), ("en", "English", 1), ("de", "Deutsch", 6)],
            presentation.Audio.Select(audio => (audio.Language!, audio.Name!, audio.Audio!.Channels)));
        Assert.Null(await ingest.Host.Store.HeadAsync(StorageKey.Poster(AssetId.Parse(outcome.Id), outcome.Version), default));
    }

    [Theory]
    [InlineData("cut.mp4", "-movflags +faststart")]
    [InlineData("cut-fragmented.mp4", "-movflags +frag_keyframe+empty_moov -g 10")]
    [InlineData("cut.mkv", "")]
    public async Task FilmCutOff_Uploaded_IsRejectedAsTruncated(string name, string options)
    {
        var path = Make(name, $"-f lavfi -i testsrc2=s=320x180:r=25:d=6 -c:v libx264 -preset ultrafast {options}");
        using (var file = File.OpenWrite(path)) file.SetLength(file.Length * 6 / 10);
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.Verdict == "truncated", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
    }

    private string Make(string name, string options)
    {
        var path = ingest.Folder.Combine($"{Guid.NewGuid():N}-{name}");
        OutsideProbe.Tool("ffmpeg", ["-v", "error", "-nostdin", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-y", path]);
        return path;
    }
}
