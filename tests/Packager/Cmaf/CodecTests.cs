using System.Text;
using System.Text.Json;
using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Cmaf;

/// <summary>Every codec that is packaged, judged by ffmpeg, ffprobe, mediainfo and Shaka Packager.</summary>
[Collection(nameof(Films))]
public sealed class CodecTests(Films films)
{
    private static readonly string Shaka = Repository.Combine("tests", "npm", "node_modules", "shaka-packager", "bin", "packager-linux-x64");

    [Theory]
    [InlineData(nameof(Films.Hevc))]
    [InlineData(nameof(Films.HevcPq))]
    [InlineData(nameof(Films.Av1))]
    [InlineData(nameof(Films.Av1Hlg))]
    [InlineData(nameof(Films.Vp9))]
    public async Task Pictures_Packaged_DecodeToTheSourcesPicturesAtTheirTimes(string name)
    {
        using var film = await PackagedFilm.OfAsync(PathOf(name), TrackKind.Video);
        var expected = await DecodedFrames.PicturesAsync(PathOf(name));
        Assert.Equal(50, expected.Length);
        Assert.Equal(expected, await DecodedFrames.PicturesAsync(film.FileOf(film.Video)));
    }

    [Theory]
    [InlineData(nameof(Films.Hevc))]
    [InlineData(nameof(Films.Av1Hlg))]
    [InlineData(nameof(Films.Vp9))]
    public async Task Pictures_ThroughHlsAndDash_AreAllThere(string name)
    {
        using var film = await PackagedFilm.OfAsync(PathOf(name), TrackKind.Video);
        Assert.Equal(50, await FrameCount.OfAsync(film.Hls));
        Assert.Equal(50, await FrameCount.OfAsync(film.Dash));
    }

    [Theory]
    [InlineData(nameof(Films.Opus))]
    [InlineData(nameof(Films.Ac3))]
    [InlineData(nameof(Films.Eac3))]
    public async Task Sound_Packaged_DecodesToTheSourcesSamples(string name)
    {
        using var film = await PackagedFilm.OfAsync(PathOf(name), TrackKind.Audio);
        Assert.Equal(await DecodedFrames.SoundAsync(PathOf(name)), await DecodedFrames.SoundAsync(film.FileOf(film.Audio)));
    }

    [Theory]
    [InlineData(nameof(Films.Hevc), "hvc1.1.6.L60.90", VideoRange.Sdr, 320, 180)]
    [InlineData(nameof(Films.HevcPq), "hev1.2.4.L60.90", VideoRange.Pq, 318, 178)]
    [InlineData(nameof(Films.Av1), "av01.0.00M.08", VideoRange.Sdr, 320, 180)]
    [InlineData(nameof(Films.Av1Hlg), "av01.0.00M.10.0.110.09.18.09.0", VideoRange.Hlg, 320, 180)]
    [InlineData(nameof(Films.Vp9), "vp09.00.11.08.01.02.02.02.00", VideoRange.Sdr, 320, 180)]
    public async Task Pictures_Packaged_AreWhatShakaPackagerAndMediaInfoSay(string name, string codecs, VideoRange range, int width, int height)
    {
        using var film = await PackagedFilm.OfAsync(PathOf(name), TrackKind.Video);
        Assert.Equal((codecs, range, width, height), (film.Video.Codecs, film.Video.Video!.Range, film.Video.Video.Width, film.Video.Video.Height));
        Assert.Equal(new FrameRate(25, 1), film.Video.Video.FrameRate);

        var shaka = await StreamInfoAsync(film.FileOf(film.Video));
        Assert.Equal(codecs, shaka["codec_string"]);
        Assert.Equal($"{film.Video.Timescale}", shaka["time_scale"]);
        Assert.Equal(($"{width}", $"{height}"), (shaka["width"], shaka["height"]));

        var info = await MediaInfoAsync(film.FileOf(film.Video), "Video");
        Assert.Equal(codecs[..4], info.GetProperty("CodecID").GetString());
        Assert.Equal(($"{width}", $"{height}"), (info.GetProperty("Width").GetString(), info.GetProperty("Height").GetString()));
        Assert.Equal("25.000", info.GetProperty("FrameRate").GetString());
    }

    [Theory]
    [InlineData(nameof(Films.Opus), "Opus", 2)]
    [InlineData(nameof(Films.Ac3), "ac-3", 6)]
    [InlineData(nameof(Films.Eac3), "ec-3", 6)]
    public async Task Sound_Packaged_IsWhatShakaPackagerAndMediaInfoSay(string name, string codecs, int channels)
    {
        using var film = await PackagedFilm.OfAsync(PathOf(name), TrackKind.Audio);
        Assert.Equal(codecs, film.Audio.Codecs);
        Assert.Equal(new AudioFormat(48000, channels), film.Audio.Audio);
        Assert.InRange(film.Audio.Duration.TotalSeconds, 2, 2 + 1536 / 48000.0); // AC-3's last access unit is whole

        var shaka = await StreamInfoAsync(film.FileOf(film.Audio));
        Assert.Equal(codecs, shaka["codec_string"], ignoreCase: true); // Shaka Packager writes opus, the sample entry is Opus
        Assert.Equal(("48000", $"{channels}"), (shaka["sampling_frequency"], shaka["num_channels"]));

        var info = await MediaInfoAsync(film.FileOf(film.Audio), "Audio");
        Assert.Equal(codecs, info.GetProperty("CodecID").GetString());
        if (codecs != "Opus") // of which mediainfo 23.04 tells no channels
            Assert.Equal($"{channels}", info.GetProperty("Channels").GetString());
    }

    [Fact]
    public async Task MasteringMetadata_OfTheSampleEntry_IsKept()
    {
        using var film = await PackagedFilm.OfAsync(films.Av1Hlg, TrackKind.Video);
        var probe = await Tool.OutputAsync(
            "ffprobe", "-v", "error", "-show_entries", "stream=color_transfer,color_primaries,color_space,color_range", "-of", "csv=p=0", film.FileOf(film.Video));
        Assert.Equal("tv,bt2020nc,arib-std-b67,bt2020", probe.Trim());
    }

    [Theory]
    [InlineData("de", "deu")]
    [InlineData("pt-BR", "por")]
    [InlineData("haw", "haw")]
    [InlineData("x-klingon", "und")]
    public async Task Language_OfTheRendition_IsInItsFile(string language, string code)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("a.mp4");
        await PackagedFilm.PackageAsync(films.Ac3, path, new CmafSettings { Id = "a", Kind = TrackKind.Audio, Language = language });
        Assert.Equal(code, (await StreamInfoAsync(path))["language"]);
        var probe = await Tool.OutputAsync("ffprobe", "-v", "error", "-show_entries", "stream_tags=language", "-of", "csv=p=0", path);
        Assert.Equal(code, probe.Trim().TrimEnd(','));
    }

    [Fact]
    public async Task Opus_Packaged_SaysHowMuchMustBeDecodedBefore()
    {
        using var film = await PackagedFilm.OfAsync(films.Opus, TrackKind.Audio);
        var bytes = await File.ReadAllBytesAsync(film.FileOf(film.Audio));
        var sgpd = new BoxReader(bytes.AsSpan(bytes.AsSpan().IndexOf("sgpd"u8) - 4));
        Assert.True(sgpd.TryReadBox(out var groups));
        groups.Skip(4 + 4 + 4 + 4); // version and flags, roll, default length, count
        Assert.Equal(-4, (short)groups.ReadUInt16()); // 80 ms of packets of 20 ms
        Assert.Equal(film.Audio.Segments.Length, Encoding.Latin1.GetString(bytes).Split("sbgp").Length - 1);
    }

    [Theory]
    [InlineData("dvvC", "0100103d40", "dvh1.08.07/db4h", "8.4")]
    [InlineData("dvvC", "0100103d10", "dvh1.08.07/db1p", "8.1")]
    public async Task DolbyVision_OverHevc_IsSupplemental(string type, string configuration, string expected, string profile)
    {
        // In place of ffmpeg's pasp and btrt, which stand side by side in the sample entry.
        var bytes = await File.ReadAllBytesAsync(films.Hevc);
        var pasp = bytes.AsSpan().LastIndexOf("pasp"u8) - 4;
        var room = bytes.AsSpan(pasp, 16 + 20);
        Assert.Equal("btrt", Encoding.ASCII.GetString(room.Slice(16 + 4, 4)));
        room.Clear();
        room[3] = (byte)room.Length;
        Encoding.ASCII.GetBytes(type, room[4..]);
        Convert.FromHexString(configuration).CopyTo(room[8..]);

        using var folder = new TemporaryFolder();
        var (source, path) = (folder.Combine("source.mp4"), folder.Combine("v.mp4"));
        await File.WriteAllBytesAsync(source, bytes);
        var rendition = await PackagedFilm.PackageAsync(source, path, new CmafSettings { Id = "v", Kind = TrackKind.Video });
        Assert.Equal(expected, rendition.SupplementalCodecs);
        Assert.Equal("hvc1.1.6.L60.90", rendition.Codecs);
        var brands = await Tool.OutputAsync("ffprobe", "-v", "error", "-show_entries", "format_tags=compatible_brands", "-of", "csv=p=0", path);
        Assert.Equal($"iso6cmfcdashdby1{expected[^4..]}", brands.Trim());
        var info = await MediaInfoAsync(path, "Video");
        Assert.StartsWith("Dolby Vision", info.GetProperty("HDR_Format").GetString(), StringComparison.Ordinal);
        Assert.Contains(profile[..1], info.GetProperty("HDR_Format_Profile").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CleanRandomAccess_WithLeadingPictures_IsNoSegmentStart()
    {
        using var film = await PackagedFilm.OfAsync(films.HevcPq, TrackKind.Video);
        Assert.Single(film.Video.AccessPoints);
        using var closed = await PackagedFilm.OfAsync(films.Hevc, TrackKind.Video);
        Assert.Equal(2, closed.Video.AccessPoints.Length);
    }

    private string PathOf(string name) => name switch
    {
        nameof(Films.Hevc) => films.Hevc,
        nameof(Films.HevcPq) => films.HevcPq,
        nameof(Films.Av1) => films.Av1,
        nameof(Films.Av1Hlg) => films.Av1Hlg,
        nameof(Films.Vp9) => films.Vp9,
        nameof(Films.Opus) => films.Opus,
        nameof(Films.Ac3) => films.Ac3,
        nameof(Films.Eac3) => films.Eac3,
        _ => throw new ArgumentException(name),
    };

    private static async Task<Dictionary<string, string>> StreamInfoAsync(string path)
    {
        var text = await Tool.OutputAsync(Shaka, $"input={path}", "--dump_stream_info", "--quiet");
        return text.Split('\n').Select(line => line.Split(": ")).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
    }

    private static async Task<JsonElement> MediaInfoAsync(string path, string type)
    {
        using var json = JsonDocument.Parse(await Tool.OutputAsync("mediainfo", "--Output=JSON", path));
        return json.RootElement.GetProperty("media").GetProperty("track").EnumerateArray().Single(track => track.GetProperty("@type").GetString() == type).Clone();
    }
}
