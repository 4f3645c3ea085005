using System.Globalization;
using System.Text.Json;
using Movento.Harness;
using Movento.Ingest.Tests.Running;
using Movento.Servers;

namespace Movento.Ingest.Tests.Encode;

/// <summary>A film that carries a code in every frame, encoded in many chunks: what a stranger reads in what was published is every frame once, in order.</summary>
public sealed class FrameExactTests(PostgresFixture postgres) : EmptyDatabaseTests(postgres)
{
    private readonly Guid _user = Guid.NewGuid();

    [Fact]
    public async Task FilmOfCodes_EncodedInChunks_HasEveryFrameOnceInOrder_AndTheSameBytesAgain()
    {
        // Three joins in eight seconds of film, two of them in the midst of a segment; the first two chunks are encoded to one rung ahead.
        await using var host = await IngestHost.StartAsync(Database, Folder, options =>
        {
            (options.KeyframeInterval, options.SegmentDuration) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            options.FirstRungAhead = TimeSpan.FromSeconds(3);
            options.Concurrency = 2;
            // Measured too: the same film must come to the same ladder again.
            options.Ladder = "per-title";
        });
        using var client = host.Client(_user);
        // Only the part of the picture that the code is in: a tenth of the work of all of it. Of its key frames one is where a chunk begins, the others are not; its pictures are
        // reordered, so that ffmpeg seeks before where it is told.
        var film = Folder.Combine("codes.mp4");
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-i", Repository.Media("tos_1080p2997_8s_qr.mp4"), "-vf", "crop=544:544:188:268", "-fps_mode", "passthrough",
            "-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-g", "1000", "-force_key_frames", "1.4,3,5.7", "-crf", "12", film);
        var outcome = await PublishAsync(host, client, film);
        var receipt = await outcome.ReceiptAsync();
        var tasks = receipt.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("name").GetString()).ToList();
        Assert.Equal(["m0", "f0000", "f0001", "c0002", "c0003", "c0000", "c0001"], tasks);

        var rungs = (await outcome.PresentationAsync()).Video.Select(rung => rung.Id).ToList();
        var path = await outcome.FetchAsync(rungs[^1], Folder.FullName);
        Assert.Equal(Enumerable.Range(1, 240), await CodesAsync(path));
        // The first rung's chunks come from other runs of ffmpeg than those of the others: the same frames at the same times.
        var times = OutsideProbe.FrameTimes(path);
        Assert.Equal(times, OutsideProbe.FrameTimes(await outcome.FetchAsync(rungs[0], Folder.FullName)));
        Assert.All(receipt.GetProperty("rungs").EnumerateArray(), rung => Assert.InRange(rung.GetProperty("ssim").GetDouble(), 0.6, 1));

        // The same input and settings: the same media, byte for byte.
        var again = await (await PublishAsync(host, client, film)).ReceiptAsync();
        Assert.Equal(MediaHashes(receipt), MediaHashes(again));
    }

    [Fact]
    public async Task FilmInTwoCodecs_ThatTakesSeveralRunsOfSeveralThreads_IsJoinedUnderOneSampleEntry()
    {
        // As at 2160p, with as little memory as there may be: x265 and x264 in runs of several threads, but for the first rung of the first chunk.
        await using var host = await IngestHost.StartAsync(Database, Folder, options =>
        {
            (options.KeyframeInterval, options.SegmentDuration) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            options.FirstRungAhead = TimeSpan.FromSeconds(1);
            options.EncodeMemoryBytes = 128L << 20;
            options.Codecs = "h264,hevc";
            (options.X264Preset, options.X265Preset) = ("ultrafast", "ultrafast");
            options.Concurrency = 2;
        });
        using var client = host.Client(_user);
        var film = Folder.Combine("film.mp4");
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=5:duration=3", "-pix_fmt", "yuv420p",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "5", film);
        var outcome = await PublishAsync(host, client, film);
        var tasks = (await outcome.ReceiptAsync()).GetProperty("tasks").EnumerateArray().ToDictionary(
            task => task.GetProperty("name").GetString()!, task => task.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!).ToList());
        Assert.Equal(["c0000", "c0000b", "c0001", "c0001b", "c0002", "c0002b", "f0000"], tasks.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("2", Threads(tasks["c0002"]));
        Assert.Equal("1", Threads(tasks["f0000"]));

        // The packager joins nothing whose sample entries differ by a byte; a decoder that has read one goes through all chunks.
        var video = (await outcome.PresentationAsync()).Video.ToList();
        Assert.Contains(video, rung => rung.Codecs.StartsWith("hvc1.", StringComparison.Ordinal));
        foreach (var rung in video)
        {
            var path = await outcome.FetchAsync(rung.Id, Folder.FullName);
            Assert.Equal(15, OutsideProbe.FrameTimes(path).Count);
            await Tool.OutputAsync("ffmpeg", "-v", "error", "-nostdin", "-xerror", "-err_detect", "explode", "-i", path, "-f", "null", "-");
        }

        static string Threads(List<string> arguments) => arguments[arguments.IndexOf("-threads") + 1];
    }

    private static async Task<Outcome> PublishAsync(IngestHost host, HttpClient client, string film)
    {
        var outcome = new Outcome(host, await IngestHost.EndAsync(client, await IngestHost.UploadAsync(client, film)));
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + host.Catalogue.Log);
        return outcome;
    }

    private static Dictionary<string, string> MediaHashes(JsonElement receipt) => receipt.GetProperty("outputs").EnumerateArray()
        .Where(output => output.GetProperty("name").GetString()!.EndsWith(".mp4", StringComparison.Ordinal))
        .ToDictionary(output => output.GetProperty("name").GetString()!, output => output.GetProperty("sha256").GetString()!);

    // "L1;00:00:00.033;0000001;29.97": the number of the frame in the QR code below left.
    private async Task<List<int>> CodesAsync(string path)
    {
        var frames = Directory.CreateDirectory(Folder.Combine("frames")).FullName;
        await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-i", path, "-fps_mode", "passthrough", "-vf", "negate,format=gray,lutyuv=y='if(gt(val,128),255,0)'", "-y",
            Path.Combine(frames, "%04d.png"));
        var files = Directory.GetFiles(frames);
        Array.Sort(files, StringComparer.Ordinal);
        var codes = await Tool.OutputAsync("zbarimg", ["-q", "--raw", "--nodbus", .. files]);
        return [.. codes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(code => int.Parse(code.Split(';')[2], CultureInfo.InvariantCulture))];
    }
}
