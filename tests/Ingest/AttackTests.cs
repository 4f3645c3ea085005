using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Movento.Harness;
using Movento.Ingest.Tests.Running;
using Xunit.Abstractions;

namespace Movento.Ingest.Tests;

/// <summary>Uploads made to do harm: each is rejected by its name, reads and connects to nothing, and leaves no process.</summary>
public sealed class AttackTests(IngestFixture ingest, ITestOutputHelper output) : IClassFixture<IngestFixture>
{
    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{0}\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-KEY:METHOD=AES-128,URI=\"{0}\"\n#EXTINF:1,\nfilm.ts\n")]
    [InlineData("ffconcat version 1.0\nfile {0}\n")]
    [InlineData("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><BaseURL>{0}</BaseURL></Period></MPD>")]
    [InlineData("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=control:{0}\n")]
    public async Task Playlist_CallingItselfAFilm_ReadsNothingAndConnectsNowhere(string playlist)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var secret = ingest.Folder.Combine("secret.ts");
        await OutsideAsync("-f", "lavfi", "-i", "testsrc=s=160x120:d=0.2", "-c:v", "mpeg2video", secret);
        foreach (var target in (string[])[$"http://{listener.LocalEndpoint}/film.ts", secret, $"file://{secret}"])
            await RejectedAsync("not_media", Encoding.UTF8.GetBytes(playlist.Replace("{0}", target, StringComparison.Ordinal)));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Film_OfHoursInThreeFrames_IsImplausible()
    {
        // The header tells it in one, only the packets in the other.
        foreach (var extension in (string[])["mp4", "ts"])
        {
            var path = ingest.Folder.Combine($"hours.{extension}");
            await OutsideAsync("-f", "lavfi", "-i", "testsrc=s=160x120:r=1:d=3", "-vf", "setpts=N*3600/TB", "-fps_mode", "passthrough", "-c:v", "libx264", path);
            await RejectedAsync("implausible_timing", await File.ReadAllBytesAsync(path));
        }
    }

    [Fact]
    public async Task Film_OfThousandsOfTracks_IsRejectedByThatName()
    {
        var film = await File.ReadAllBytesAsync(Repository.Media("hostile/one_frame.mp4"));
        await RejectedAsync("too_many_tracks", WithTracks(film, 3000));
    }

    [Fact]
    public async Task Transport_WithAMiddleThatIsMissing_IsDamaged()
    {
        var film = await RemuxAsync("film.ts");
        var third = film.Length / 3 / 188 * 188;
        await RejectedAsync("damaged", [.. film[..third], .. film[(third * 2)..]]);
    }

    [Theory]
    [InlineData("film.mkv")]
    [InlineData("film.mp4")]
    public async Task Film_WithZerosInTheMiddle_IsDamaged(string name)
    {
        var film = await RemuxAsync(name);
        film.AsSpan(film.Length / 2, 300_000).Clear();
        await RejectedAsync("damaged", film);
    }

    [Theory]
    [InlineData("aac", "m4a")]
    [InlineData("flac", "mka")]
    public async Task Sound_ThatCannotBeDecodedFromTheMiddleOn_IsDamaged(string codec, string extension)
    {
        var path = ingest.Folder.Combine($"broken-off.{extension}");
        await OutsideAsync("-f", "lavfi", "-i", "aevalsrc=0.3*random(0):d=8:s=48000", "-c:a", codec, path);
        var sound = await File.ReadAllBytesAsync(path);
        // Every packet is there, in its place and as long as it was: only a decoder can tell.
        var packets = await Tool.OutputAsync("ffprobe", "-v", "error", "-show_entries", "packet=pts_time,size,pos", "-of", "csv=p=0", path);
        var noise = new Random(1);
        foreach (var fields in packets.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')))
        {
            if (double.Parse(fields[0], CultureInfo.InvariantCulture) < 4) continue;
            // Past what Matroska writes before a frame.
            noise.NextBytes(sound.AsSpan(int.Parse(fields[2], CultureInfo.InvariantCulture) + 12, int.Parse(fields[1], CultureInfo.InvariantCulture) - 16));
        }
        await RejectedAsync("damaged", sound);
    }

    [Theory]
    // seconds of pictures, of sound, and of what is published of it: silence goes on as long as the pictures do
    [InlineData("mp4", 12, 2, 12)]
    [InlineData("mkv", 12, 2, 12)]
    [InlineData("mp4", 4, 6, 6)]
    [InlineData("mp4", 6, 6, 6)]
    public async Task Film_WhosePicturesOrSoundEndEarlier_IsPublishedWithAllThatThereIs(string extension, int pictures, int sound, int published)
    {
        var outcome = await ingest.EndAsync(await MakeAsync(extension, pictures, sound));
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
        var presentation = await outcome.PresentationAsync();
        Assert.Equal(pictures * 25, Assert.Single(presentation.Video).SampleCount);
        // Matroska has no times below zero: with the sound's priming, all begins 23 ms later.
        Assert.Equal(pictures, Assert.Single(presentation.Video).Duration.TotalSeconds, 0.03);
        Assert.Equal(published, Assert.Single(presentation.Audio).Duration.TotalSeconds, 0.05);
        Assert.NotNull(presentation.Thumbnails);
    }

    [Fact]
    public async Task Film_WhosePicturesEndLongBeforeItsSound_IsRejectedByThatName() =>
        Assert.Equal("pictures_end_early", (await ingest.EndAsync(await MakeAsync("mp4", pictures: 2, sound: 9))).Verdict);

    private async Task<string> MakeAsync(string extension, int pictures, int sound)
    {
        var path = ingest.Folder.Combine($"{pictures}-{sound}.{extension}");
        await OutsideAsync(
            "-f", "lavfi", "-i", $"testsrc2=s=160x90:r=25:d={pictures}", "-f", "lavfi", "-i", $"sine=d={sound}",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", path);
        return path;
    }

    [Fact]
    public async Task Transport_EndingInsideOfAPacket_IsTruncated()
    {
        var film = await RemuxAsync("film.ts");
        await RejectedAsync("truncated", film[..(film.Length / 2 / 188 * 188 + 7)]);
    }

    [Fact]
    public async Task Film_WithMarkupForTitles_IsPublishedWithTheWordsAsTheyAre()
    {
        const string Markup = "<script>alert('x')</script>";
        var path = ingest.Folder.Combine("it's \"here\" <b>.mkv");
        await OutsideAsync("-f", "lavfi", "-i", "sine=d=1", "-metadata:s:a:0", $"title=\"{Markup}", "-c:a", "aac", path);
        var id = await IngestHost.UploadAsync(ingest.Client, path, title: Markup);
        var outcome = new Outcome(ingest.Host, await IngestHost.EndAsync(ingest.Client, id));
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
        Assert.Equal(Markup, outcome.Asset.GetProperty("title").GetString());
        // A playlist's attribute cannot hold a quote; the rest is its renderers' to escape.
        Assert.Equal(Markup, Assert.Single((await outcome.PresentationAsync()).Audio).Name);
    }

    private async Task RejectedAsync(string code, byte[] content)
    {
        var path = ingest.Folder.Combine($"{Guid.NewGuid():N}.mp4");
        await File.WriteAllBytesAsync(path, content);
        var watch = Stopwatch.StartNew();
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.Verdict == code, outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s"); // a minute is promised, of a machine that has time
        await Eventually.TrueAsync(() => !Tools().Any(), "no tool of this host is left");
    }

    // Processes that work below this host's folder.
    private IEnumerable<string> Tools() =>
        Directory.EnumerateDirectories("/proc").Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]))
            .Where(process => new FileInfo(Path.Combine(process, "cwd")).LinkTarget?.StartsWith(ingest.Folder.FullName, StringComparison.Ordinal) == true);

    private async Task<byte[]> RemuxAsync(string name)
    {
        var path = ingest.Folder.Combine($"{Guid.NewGuid():N}-{name}");
        await OutsideAsync("-t", "12", "-i", Repository.Media("bbb_720p24_60s.mp4"), "-c", "copy", path);
        return await File.ReadAllBytesAsync(path);
    }

    private static Task<string> OutsideAsync(params string[] arguments) => Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]);

    // ISO/IEC 14496-12 §8.2: the only track of the film as often as asked for, each with an id of its own.
    private static byte[] WithTracks(byte[] film, int count)
    {
        var moov = film.AsSpan().IndexOf("moov"u8) - 4;
        var trak = film.AsSpan().IndexOf("trak"u8) - 4;
        var track = film.AsSpan(trak, (int)BinaryPrimitives.ReadUInt32BigEndian(film.AsSpan(trak)));
        var id = track.IndexOf("tkhd"u8) + 4 + 4 + 8;
        using var made = new MemoryStream();
        made.Write(film.AsSpan(0, trak));
        for (var i = 1; i <= count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(track[id..], i);
            made.Write(track);
        }
        made.Write(film.AsSpan(trak + track.Length));
        var bytes = made.ToArray();
        var size = BinaryPrimitives.ReadUInt32BigEndian(film.AsSpan(moov)) + (uint)(track.Length * (count - 1));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(moov), size);
        return bytes;
    }
}
