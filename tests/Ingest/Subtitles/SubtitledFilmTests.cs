using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Movento.Contracts;
using Movento.Ingest.Tests.Running;
using Movento.Packager.Pictures;
using Movento.Packager.Presentations;
using Movento.Packager.Subtitles;

namespace Movento.Ingest.Tests.Subtitles;

/// <summary>Films with subtitles, from upload to what lies in the store; thumbnails and still pictures too.</summary>
public sealed class SubtitledFilmTests(IngestFixture ingest) : IClassFixture<IngestFixture>
{
    private const string English = "1\n00:00:00,500 --> 00:00:01,500\nIs 1 < 2 & 3 > 2?\n\n2\n00:00:03,000 --> 00:00:05,000\n<i>Across</i> the border\n";
    private const string German = "1\n00:00:01,000 --> 00:00:02,000\nGrüße\n";
    private const string Spanish = "WEBVTT\n\n00:01.000 --> 00:02.000 line:0\n¡Hola, <b>mundo</b>!\n";

    [Fact]
    public async Task FilmWithTextInFourCodecs_Published_HasEveryTrackAndItsPictures()
    {
        var path = Film("many.mkv",
            "-i {0} -i {1} -i {2} -i {1} -map 0:v -map 1 -map 2 -map 3 -map 4 -c:v copy -c:s:0 copy -c:s:1 ass -c:s:2 copy -c:s:3 copy"
            + " -metadata:s:s:0 language=eng -metadata:s:s:1 language=ger -metadata:s:s:2 language=spa -metadata:s:s:3 language=ger -metadata:s:s:3 title=Untertitel"
            + " -disposition:s:0 default -disposition:s:1 forced -disposition:s:2 hearing_impaired -disposition:s:3 0",
            Text("en.srt", English), Text("de.srt", German), Text("es.vtt", Spanish));
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
        var presentation = await outcome.PresentationAsync();

        Assert.Equal(
            [
                ("s0", "en", "English", true, TrackRole.Subtitle), ("s1", "de", "Deutsch (forced)", false, TrackRole.ForcedSubtitle),
                ("s2", "es", "Español (CC)", false, TrackRole.Caption), ("s3", "de", "Untertitel", false, TrackRole.Subtitle),
            ],
            presentation.Text.Select(text => (text.Id, text.Language!, text.Name!, text.IsDefault, text.Role)));

        // The text in all three forms, with what means something in WebVTT escaped.
        var english = presentation.Text.First();
        Assert.Equal([0, 4000], english.Segments.Select(segment => segment.Start));
        Assert.Equal(presentation.Video.First().Duration.TotalSeconds, english.Duration.TotalSeconds, 0.002);
        var sidecar = Encoding.UTF8.GetString(await BytesAsync(outcome, StorageKey.Subtitles(Asset(outcome), outcome.Version, "s0")));
        Assert.Equal(
            "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nIs 1 &lt; 2 &amp; 3 &gt; 2?\n\n00:00:03.000 --> 00:00:05.000\n<i>Across</i> the border\n", sidecar);
        var segments = await BytesAsync(outcome, StorageKey.TextSegments(Asset(outcome), outcome.Version, "s0"));
        Assert.Equal(segments.Length, english.TextSegmentSizes.Sum());
        await using var track = File.OpenRead(await outcome.FetchAsync("s0", ingest.Folder.FullName));
        Assert.Equal(SubtitleTrack.Read(Encoding.UTF8.GetBytes(sidecar)).Cues.AsEnumerable(), (await SubtitleTrack.ReadAsync(track, null, default)).Cues);
        var spanish = SubtitleTrack.Read(await BytesAsync(outcome, StorageKey.Subtitles(Asset(outcome), outcome.Version, "s2")));
        Assert.Equal(new Cue(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), "¡Hola, <b>mundo</b>!") { Settings = "line:0" }, Assert.Single(spanish.Cues));

        // Pictures of seconds 0, 2, 4 and 6 of 7.
        var stills = Assert.Single(presentation.Renditions, rendition => rendition.Kind == TrackKind.Image);
        Assert.Equal([0, 2000, 4000, 6000], stills.AccessPoints.Select(point => point.Start));
        var stillsFile = await outcome.FetchAsync("i0", ingest.Folder.FullName);
        Assert.Equal((4, "mjpeg,320,180"), (OutsideProbe.CountFrames(stillsFile), OutsideProbe.Video(stillsFile, "codec_name,width,height")));
        var thumbnails = presentation.Thumbnails!;
        Assert.Equal((160, 90, 4, 1, 4, 2.0), (thumbnails.Width, thumbnails.Height, thumbnails.Columns, thumbnails.Rows, thumbnails.Count, thumbnails.Interval.TotalSeconds));
        var tiles = await BytesAsync(outcome, StorageKey.Thumbnails(Asset(outcome), outcome.Version, 1));
        Assert.Equal(new JpegPicture(640, 90, (int)thumbnails.Sizes[0]), JpegPicture.Read(tiles));

        await ReceiptListsAsync(
            outcome,
            [
                .. presentation.Renditions.Select(rendition => $"{rendition.Id}.mp4"),
                .. presentation.Text.SelectMany(text => (string[])[$"{text.Id}.vtt", $"{text.Id}.segments.vtt"]), "thumbnails/1.jpg", "poster.jpg",
            ],
            notes: 0);
    }

    [Fact]
    public async Task FilmInMp4WithTimedText_Published_HasItsText()
    {
        var path = Film("timed.mp4", "-i {0} -map 0:v -map 1 -c:v copy -c:s mov_text -metadata:s:s:0 language=eng", Text("en.srt", English));
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
        var text = Assert.Single((await outcome.PresentationAsync()).Text);

        // A muxer's mark on the only track says nothing: nobody sees it unasked.
        Assert.Equal(("s0", "en", false), (text.Id, text.Language, text.IsDefault));
        var sidecar = SubtitleTrack.Read(await BytesAsync(outcome, StorageKey.Subtitles(Asset(outcome), outcome.Version, "s0")));
        Assert.Equal(["Is 1 &lt; 2 &amp; 3 &gt; 2?", "<i>Across</i> the border"], sidecar.Cues.Select(cue => cue.Text));
    }

    [Fact]
    public async Task FilmWithBrokenSubtitles_Published_LeavesThemOutAndSaysSo()
    {
        var broken = ingest.Folder.Combine($"{Guid.NewGuid():N}.srt");
        await File.WriteAllBytesAsync(broken, Encoding.Latin1.GetBytes("1\n00:00:01,000 --> 00:00:02,000\nGr\u00fc\u00dfe\n"));
        var path = Film("broken.mkv", "-i {0} -i {1} -map 0:v -map 1 -map 2 -c copy", broken, Text("en.srt", English));
        var outcome = await ingest.EndAsync(path);
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);

        // The whole ones keep the number of their place.
        Assert.Equal(["s1"], (await outcome.PresentationAsync()).Text.Select(text => text.Id));
        var receipt = await ReceiptAsync(outcome);
        var note = Assert.Single(receipt.GetProperty("notes").EnumerateArray());
        Assert.Equal("unreadable_subtitles", note.GetProperty("code").GetString());
        Assert.Equal("Stream 1 is left out: its subtitles in subrip could not be read.", note.GetProperty("message").GetString());
        // The uploader reads it too.
        Assert.Equal("unreadable_subtitles", Assert.Single(outcome.Asset.GetProperty("notes").EnumerateArray()).GetProperty("code").GetString());
        Assert.Contains("The subtitles of stream 1 are left out", ingest.Host.Catalogue.Log.ToString(), StringComparison.Ordinal);
    }

    private static AssetId Asset(Outcome outcome) => AssetId.Parse(outcome.Id);

    private async Task<byte[]> BytesAsync(Outcome outcome, string key)
    {
        await using var stream = await ingest.Host.Store.OpenAsync(key, default);
        Assert.True(stream is not null, $"{outcome.Id}: {key}");
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private async Task<JsonElement> ReceiptAsync(Outcome outcome) =>
        JsonDocument.Parse(await BytesAsync(outcome, StorageKey.Receipt(Asset(outcome), outcome.Version))).RootElement;

    private async Task ReceiptListsAsync(Outcome outcome, string[] names, int notes)
    {
        var receipt = await ReceiptAsync(outcome);
        Assert.Equal(notes, receipt.GetProperty("notes").GetArrayLength());
        var outputs = receipt.GetProperty("outputs").EnumerateArray().ToDictionary(
            output => output.GetProperty("name").GetString()!, output => output.GetProperty("sha256").GetString()!);
        Assert.Equal(names.Order(StringComparer.Ordinal), outputs.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, sha256) in outputs)
        {
            var stored = await BytesAsync(outcome, StorageKey.VersionPrefix(Asset(outcome), outcome.Version) + name);
            Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(stored)));
        }
    }

    private string Text(string name, string text)
    {
        var path = ingest.Folder.Combine($"{Guid.NewGuid():N}-{name}");
        File.WriteAllText(path, text);
        return path;
    }

    // Seven seconds of pictures with subtitles beside them.
    private string Film(string name, string options, params string[] texts)
    {
        var pictures = ingest.Folder.Combine("subtitled.mp4");
        if (!File.Exists(pictures))
        {
            OutsideProbe.Tool("ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=7",
                "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", pictures);
        }
        var path = ingest.Folder.Combine($"{Guid.NewGuid():N}-{name}");
        var inputs = string.Format(System.Globalization.CultureInfo.InvariantCulture, options, texts);
        OutsideProbe.Tool("ffmpeg", ["-v", "error", "-nostdin", "-i", pictures, .. inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-y", path]);
        return path;
    }
}
