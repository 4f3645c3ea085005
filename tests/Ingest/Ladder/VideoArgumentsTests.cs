using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Movento.Harness;
using Movento.Ingest.Encode;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Ingest.Tests.Running;
using Movento.Ingest.Tools;
using Movento.Packager.Cmaf;
using Movento.Packager.Hls;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Tests.Ladder;

/// <summary>What the arguments make ffmpeg do, judged by ffprobe.</summary>
public sealed class VideoArgumentsTests : IDisposable
{
    private static readonly IngestOptions Options = new()
    {
        Codecs = "h264,hevc,av1", X264Preset = "ultrafast", X265Preset = "ultrafast", SvtAv1Preset = 12, KeyframeInterval = TimeSpan.FromSeconds(0.5),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("24000/1001")]
    [InlineData("60000/1001")]
    // Pictures that stand for one, two or three of the clock's tenths of a second.
    [InlineData("variable")]
    public async Task Keyframes_OfEveryCodec_AreTheFirstPicturesAtOrAfterEachMultiple(string rate)
    {
        var isVariable = rate == "variable";
        var source = await MakeAsync(
            isVariable ? "testsrc2=s=128x96:r=20:d=1.8,select='not(mod(n,3)-1)+not(mod(n,7))'" : $"testsrc2=s=128x96:r={rate}:d=1.8", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p");
        var video = await ProbeAsync(source);
        var times = OutsideProbe.FrameTimes(source);
        var expected = Enumerable.Range(0, 4).Select(number => times.First(time => time >= number * 0.5 - 1e-4)).ToList();
        foreach (var (rung, file) in await EncodeAsync(video, source, "a"))
        {
            Assert.Equal(times.Count, OutsideProbe.FrameTimes(file).Count);
            var keyframes = OutsideProbe.Keyframes(file);
            Assert.True(expected.Count == keyframes.Count && expected.Zip(keyframes).All(pair => Math.Abs(pair.First - pair.Second) < 0.001),
                $"{rung.Id}: {string.Join(' ', keyframes)}, not {string.Join(' ', expected)}");
        }
    }

    [Fact]
    public async Task ParameterSets_OfDifferentPictures_AreTheSame()
    {
        var one = await MakeAsync("testsrc2=s=128x96:r=25:d=0.6", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p");
        var other = await MakeAsync("mandelbrot=s=128x96:r=25,trim=duration=1", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p");
        var video = await ProbeAsync(one);
        var (ones, others) = (await EncodeAsync(video, one, "one"), await EncodeAsync(video, other, "other"));
        foreach (var ((rung, first), (_, second)) in ones.Zip(others))
        {
            Assert.True(await SetsOfAsync(first) == await SetsOfAsync(second), rung.Id);
            Assert.NotEqual(Hash(first), Hash(second));
        }
        // And the same pictures are the same bytes, again.
        var again = await EncodeAsync(video, one, "again");
        Assert.Equal(ones.Select(entry => Hash(entry.File)), again.Select(entry => Hash(entry.File)));
    }

    [Theory]
    [InlineData("smpte2084")]
    [InlineData("arib-std-b67")]
    public async Task WideRange_IsKeptInTenBitsByNewerCodecsAndToneMappedInH264(string transfer)
    {
        var source = await MakeAsync(
            "testsrc2=s=128x96:r=25:d=0.4",
            $"-vf format=yuv420p10le -c:v libx265 -preset ultrafast -color_primaries bt2020 -color_trc {transfer} -colorspace bt2020nc -color_range tv -tag:v hvc1 "
            + "-x265-params log-level=error:hdr10=1:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50):max-cll=1000,400");
        var video = await ProbeAsync(source) with
        {
            MasteringDisplay = new(new(0.68, 0.32), new(0.265, 0.69), new(0.15, 0.06), new(0.3127, 0.329), 1000, 0.005), ContentLight = new(1000, 400),
        };
        Assert.Equal(transfer == "smpte2084" ? VideoRange.Pq : VideoRange.Hlg, video.Range);
        var renditions = new List<Rendition>();
        foreach (var (rung, file) in await EncodeAsync(video, source, "a"))
        {
            renditions.Add(await PackageAsync(rung, file));
            var expected = rung.Codec == VideoCodec.H264 ? "yuv420p,bt709,bt709,bt709" : $"yuv420p10le,bt2020nc,{transfer},bt2020";
            string[] entries = ["pix_fmt", "color_space", "color_transfer", "color_primaries"];
            Assert.Equal(expected, string.Join(',', entries.Select(entry => OutsideProbe.Video(file, entry))));
            var sideData = OutsideProbe.Run("-select_streams", "v:0", "-read_intervals", "%+#1", "-show_entries", "frame=side_data_list", "-show_frames", file);
            Assert.Equal(rung.Codec != VideoCodec.H264, sideData.Contains("max_content=1000", StringComparison.Ordinal));
            Assert.Equal(rung.Codec != VideoCodec.H264, sideData.Contains("Mastering display metadata", StringComparison.Ordinal));
        }

        var playlist = new ArrayBufferWriter<byte>();
        MultivariantPlaylist.Write(playlist, new Presentation { Renditions = [.. renditions] });
        var ranges = Encoding.UTF8.GetString(playlist.WrittenSpan).Split('\n')
            .Where(line => line.StartsWith("#EXT-X-STREAM-INF", StringComparison.Ordinal)).Select(line => line.Split("VIDEO-RANGE=")[1].Split(',')[0]);
        var wide = transfer == "smpte2084" ? "PQ" : "HLG";
        Assert.Equal(["SDR", wide, wide], ranges);
    }

    private async Task<Rendition> PackageAsync(Rung rung, string file)
    {
        await using var source = File.OpenRead(file);
        await using var destination = new FileStream(_folder.Combine($"{rung.Id}.cmaf"), FileMode.Create, FileAccess.ReadWrite);
        return await CmafPackager.PackageAsync(
            source, destination, new CmafSettings { Id = rung.Id, Kind = TrackKind.Video, SegmentDuration = Options.SegmentDuration }, default);
    }

    [Fact]
    public void Filters_OfAnInterlacedAnamorphicFilm_PickPicturesAfterDeinterlacing()
    {
        var video = LadderRulesTests.Video(720, 576) with { IsInterlaced = true, SampleAspect = new(64, 45) };
        var graph = FilterGraph.For(video, LadderRules.For(video, new IngestOptions()), "trim=start=4");
        Assert.StartsWith("[0:0]bwdif=mode=send_frame:parity=auto:deint=interlaced,trim=start=4,split=3", graph, StringComparison.Ordinal);
        Assert.Contains("scale=1024:576:flags=bicubic:out_range=tv,setsar=1,format=yuv420p[v576]", graph, StringComparison.Ordinal);
    }

    // One run of all rungs with a thread each, as a chunk is encoded.
    private async Task<List<(Rung Rung, string File)>> EncodeAsync(VideoFacts video, string source, string name)
    {
        var ladder = LadderRules.For(video, Options);
        Assert.Equal(3, ladder.Rungs.Count);
        string FileOf(Rung rung) => _folder.Combine($"{name}-{rung.Id}.mp4");
        await Tool.OutputAsync("ffmpeg",
        [
            "-v", "error", "-nostdin", "-i", source, "-filter_complex", FilterGraph.For(video, ladder),
            .. ladder.Rungs.SelectMany(rung => (string[])
            [
                "-map", $"[{rung.Id}]", .. VideoArguments.For(video, ladder, rung, Options, threads: 1), "-fflags", "+bitexact", "-y", FileOf(rung),
            ]),
        ]);
        return [.. ladder.Rungs.Select(rung => (rung, FileOf(rung)))];
    }

    private async Task<string> MakeAsync(string pictures, string options)
    {
        var path = _folder.Combine($"{Guid.NewGuid():N}.mp4");
        await Tool.OutputAsync("ffmpeg", [
            "-v", "error", "-nostdin", "-f", "lavfi", "-i", pictures, "-fps_mode", "passthrough", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-y", path,
        ]);
        return path;
    }

    private static async Task<VideoFacts> ProbeAsync(string path) =>
        (await new MediaProbe(Options, new ToolRunner(TimeProvider.System)).ProbeAsync(Path.GetDirectoryName(path)!, Path.GetFileName(path), default)).Video!;

    // avcC, hvcC or av1C, as ffprobe hashes it.
    private static Task<string> SetsOfAsync(string file) =>
        Tool.OutputAsync("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_data_hash", "SHA256", "-show_entries", "stream=extradata_hash", "-of", "csv=p=0", file);

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
}
