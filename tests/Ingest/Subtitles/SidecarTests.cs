using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Tests.Running;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Tests.Subtitles;

/// <summary>Subtitles as files: a new version out of the published one, with the same media, and no encode.</summary>
public sealed class SidecarTests(IngestFixture ingest) : IClassFixture<IngestFixture>
{
    private const string German = "1\n00:00:00,500 --> 00:00:01,500\nGrüße\n";
    private const string Late = "1\n00:10:00,500 --> 00:10:01,500\nToo late\n";

    [Fact]
    public async Task Sidecar_OfAPublishedFilm_IsInANewVersionWithTheSameMedia()
    {
        var first = await ingest.EndAsync(Film());
        Assert.True(first.State == "published", first.Asset + "\n" + ingest.Host.Catalogue.Log);
        var before = await first.PresentationAsync();
        Assert.Equal(["Opening", "Ending"], before.Chapters.Select(chapter => chapter.Title));

        // :: Added
        var added = await AddAsync(first.Id, "?language=de", Encoding.UTF8.GetBytes(German), HttpStatusCode.Created);
        Assert.Equal(("de", "subtitle", "Deutsch", "utf-8"), (Text(added, "language"), Text(added, "role"), Text(added, "name"), Text(added, "encoding")));
        var second = await NextAsync(first);
        var presentation = await second.PresentationAsync();
        var text = Assert.Single(presentation.Text);
        Assert.Equal(("de", "Deutsch", TrackRole.Subtitle), (text.Language, text.Name, text.Role));
        Assert.Equal(before.Renditions.Select(rendition => rendition.Id), presentation.Renditions.Select(rendition => rendition.Id).Where(id => id != text.Id));
        Assert.Equal(before.Chapters.AsEnumerable(), presentation.Chapters);
        Assert.Equal(before.Thumbnails!.Count, presentation.Thumbnails!.Count);
        Assert.Contains("Grüße", Encoding.UTF8.GetString(await BytesAsync(second, StorageKey.SubtitlesName(text.Id))), StringComparison.Ordinal);

        // The same media under both versions, as one file with two names; the old version goes on playing.
        foreach (var rendition in before.Renditions)
        {
            var name = StorageKey.RenditionName(rendition.Id);
            Assert.Equal(await BytesAsync(first, name), await BytesAsync(second, name));
            Assert.True(int.Parse(OutsideProbe.Tool("stat", "-c", "%h", ObjectPath(second, name)), System.Globalization.CultureInfo.InvariantCulture) >= 2);
        }
        Assert.NotEmpty(await BytesAsync(first, "presentation.json"));

        var receipt = JsonDocument.Parse(await BytesAsync(second, "receipt.json")).RootElement;
        Assert.Equal((second.Version, first.Version), (receipt.GetProperty("version").GetInt32(), receipt.GetProperty("madeFrom").GetInt32()));
        foreach (var output in receipt.GetProperty("outputs").EnumerateArray())
            Assert.Equal(Text(output, "sha256"), Convert.ToHexStringLower(SHA256.HashData(await BytesAsync(second, Text(output, "name")))));
        Assert.Contains(receipt.GetProperty("outputs").EnumerateArray(), output => Text(output, "name") == $"{text.Id}.vtt");
        await Eventually.TrueAsync(
            () => Task.FromResult(ingest.Host.Catalogue.All<AssetPublished>().Any(published => published.AssetId == AssetId.Parse(first.Id).Value && published.Version == second.Version)),
            "the new version is announced");
        Assert.True((await ListAsync(first.Id)).Single().GetProperty("published").GetBoolean());

        // :: One that is not Unicode, of the same language: another name, and a note.
        await AddAsync(first.Id, "?language=de&role=caption&name=Deutsch", Encoding.Latin1.GetBytes(German), HttpStatusCode.Created);
        var third = await NextAsync(second);
        Assert.Equal(["Deutsch", "Deutsch 2"], (await third.PresentationAsync()).Text.Select(rendition => rendition.Name));
        Assert.Equal(["guessed_encoding"], third.Asset.GetProperty("notes").EnumerateArray().Select(note => Text(note, "code")));

        // :: Removed, both
        foreach (var sidecar in await ListAsync(first.Id))
        {
            using var answer = await ingest.Client.DeleteAsync($"/api/assets/{first.Id}/subtitles/{Text(sidecar, "id")}");
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }
        var last = third;
        await Eventually.TrueAsync(async () => (last = await ReadAsync(first.Id)).Version > third.Version && !(await last.PresentationAsync()).Text.Any(), "the subtitles are gone");
        Assert.Empty(last.Asset.GetProperty("notes").EnumerateArray());
    }

    [Fact]
    public async Task Sidecar_OfAFilmThatIsStillEncoded_IsInItsFirstVersion()
    {
        var id = await IngestHost.UploadAsync(ingest.Client, Film());
        await AddAsync(id, "?language=de", Encoding.UTF8.GetBytes(German), HttpStatusCode.Created);
        await AddAsync(id, "?language=en", Encoding.UTF8.GetBytes(Late), HttpStatusCode.Created);
        var outcome = new Outcome(ingest.Host, await IngestHost.EndAsync(ingest.Client, id));
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + ingest.Host.Catalogue.Log);
        // One that shows nothing within the film is left out, and said.
        Assert.Equal(["de"], (await outcome.PresentationAsync()).Text.Select(text => text.Language));
        Assert.Equal(["unusable_subtitles"], outcome.Asset.GetProperty("notes").EnumerateArray().Select(note => Text(note, "code")));
        Assert.All(await ListAsync(id), sidecar => Assert.True(sidecar.GetProperty("published").GetBoolean()));
    }

    [Fact]
    public async Task Sidecar_ThatCannotBe_IsRefusedByName()
    {
        var id = await IngestHost.UploadAsync(ingest.Client, Film());
        var text = Encoding.UTF8.GetBytes(German);
        Assert.Equal("invalid_subtitles", Text(await AddAsync(id, "", "no subtitles"u8.ToArray(), HttpStatusCode.BadRequest), "code"));
        Assert.Equal("empty", Text(await AddAsync(id, "", [], HttpStatusCode.BadRequest), "code"));
        Assert.Equal("invalid_language", Text(await AddAsync(id, "?language=!!", text, HttpStatusCode.BadRequest), "code"));
        Assert.Equal("invalid_role", Text(await AddAsync(id, "?role=main", text, HttpStatusCode.BadRequest), "code"));
        Assert.Equal("too_large", Text(await AddAsync(id, "", new byte[(8 << 20) + 1], HttpStatusCode.RequestEntityTooLarge), "code"));
        Assert.Equal("not_found", Text(await AddAsync(Guid.NewGuid().ToString("N"), "", text, HttpStatusCode.NotFound), "code"));
        using var stranger = ingest.Host.Client(Guid.NewGuid());
        using var content = new ByteArrayContent(text);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"/api/assets/{id}/subtitles", content)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/assets/{id}/subtitles")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ingest.Client.DeleteAsync($"/api/assets/{id}/subtitles/{Guid.NewGuid():N}")).StatusCode);
        Assert.Empty(await ListAsync(id));
        await IngestHost.EndAsync(ingest.Client, id);
    }

    private async Task<JsonElement> AddAsync(string id, string query, byte[] text, HttpStatusCode expected)
    {
        using var content = new ByteArrayContent(text);
        using var response = await ingest.Client.PostAsync($"/api/assets/{id}/subtitles{query}", content);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {answer}");
        return JsonDocument.Parse(answer).RootElement;
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(string id) =>
        [.. (await ingest.Client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}/subtitles")).GetProperty("items").EnumerateArray()];

    private async Task<Outcome> ReadAsync(string id) => new(ingest.Host, await ingest.Client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}"));

    private async Task<Outcome> NextAsync(Outcome before)
    {
        var next = before;
        await Eventually.TrueAsync(async () => (next = await ReadAsync(before.Id)).Version > before.Version, $"a version after {before.Version}\n{ingest.Host.Catalogue.Log}");
        return next;
    }

    private async Task<byte[]> BytesAsync(Outcome outcome, string name)
    {
        await using var stream = await ingest.Host.Store.OpenAsync(StorageKey.VersionPrefix(AssetId.Parse(outcome.Id), outcome.Version) + name, default);
        Assert.True(stream is not null, $"{name} of version {outcome.Version}");
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private string ObjectPath(Outcome outcome, string name) =>
        ingest.Folder.Combine("objects", StorageKey.VersionPrefix(AssetId.Parse(outcome.Id), outcome.Version) + name);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    // Two seconds with sound in mono and two chapters.
    private string Film()
    {
        var path = ingest.Folder.Combine("sidecars.mkv");
        if (File.Exists(path)) return path;
        var chapters = ingest.Folder.Combine("chapters.txt");
        File.WriteAllText(chapters, ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=Opening\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1000\nEND=2000\ntitle=Ending\n");
        OutsideProbe.Tool("ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=2", "-f", "lavfi", "-i", "sine=d=2",
            "-i", chapters, "-map", "0", "-map", "1", "-map_metadata", "2", "-map_chapters", "2", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", path);
        return path;
    }
}
