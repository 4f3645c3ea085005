using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Tests.Running;

namespace Movento.Ingest.Tests.Pictures.Posters;

/// <summary>A team's own poster: decoded and encoded anew, in a new version with the same media, and in every later one until it is taken back.</summary>
public sealed class TeamPosterTests(IngestFixture ingest) : IClassFixture<IngestFixture>
{
    private static readonly string Film = Repository.Media("hostile/one_frame.mp4");

    [Fact]
    public async Task Poster_OfAPublishedFilm_IsShownUntilItIsTakenBack()
    {
        var first = await ingest.EndAsync(Film);
        var own = await BytesAsync(first, StorageKey.PosterName);

        // 1. Uploaded: the same media under the next number, the picture scaled down and without what the file said beside it.
        var picture = await MakeAsync("red.png", "color=red:size=2000x1000", "-metadata", "comment=taken at home");
        using (var answer = await PutAsync(first.Id, await File.ReadAllBytesAsync(picture))) Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var second = await NextAsync(first);
        var shown = await BytesAsync(second, StorageKey.PosterName);
        Assert.Equal("1280,640", Size(shown));
        Assert.DoesNotContain("taken at home", System.Text.Encoding.Latin1.GetString(shown), StringComparison.Ordinal);
        Assert.Equal(own, await BytesAsync(second, StorageKey.FilmPosterName));
        Assert.Equal(await BytesAsync(first, "v180.mp4"), await BytesAsync(second, "v180.mp4"));
        foreach (var output in (await second.ReceiptAsync()).GetProperty("outputs").EnumerateArray().Where(output => output.GetProperty("name").GetString()!.StartsWith("poster", StringComparison.Ordinal)))
            Assert.Equal((await BytesAsync(second, output.GetProperty("name").GetString()!)).Length, output.GetProperty("bytes").GetInt32());

        // 2. Encoded again, the film keeps it.
        using (var again = await ingest.Client.PostAsync($"/api/assets/{first.Id}/versions", null)) Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        var third = await NextAsync(second);
        Assert.Equal(shown, await BytesAsync(third, StorageKey.PosterName));

        // 3. Taken back: the film's own is the poster again, and nothing of the other one is left.
        using (var taken = await ingest.Client.DeleteAsync($"/api/assets/{first.Id}/poster")) Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        var last = await NextAsync(third);
        Assert.Equal(own, await BytesAsync(last, StorageKey.PosterName));
        Assert.Null(await ingest.Host.Store.HeadAsync(StorageKey.VersionPrefix(AssetId.Parse(last.Id), last.Version) + StorageKey.FilmPosterName, default));
        await foreach (var left in ingest.Host.Store.ListAsync($"assets/{first.Id}/posters/", default)) Assert.Fail(left.Key);
        // Nothing is changed by taking back what is not there.
        using (var nothing = await ingest.Client.DeleteAsync($"/api/assets/{first.Id}/poster")) Assert.Equal(HttpStatusCode.Accepted, nothing.StatusCode);
        Assert.Empty(last.Asset.GetProperty("notes").EnumerateArray());
    }

    [Fact]
    public async Task Poster_ThatCannotBeDecoded_LeavesTheFilmsOwnAndANote()
    {
        var first = await ingest.EndAsync(Film);
        var whole = await File.ReadAllBytesAsync(await MakeAsync("whole.png", "testsrc2=size=640x360"));
        using (var answer = await PutAsync(first.Id, [.. whole[..33], .. new byte[500]])) Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var second = await NextAsync(first);
        Assert.Equal(await BytesAsync(first, StorageKey.PosterName), await BytesAsync(second, StorageKey.PosterName));
        Assert.Equal(["unusable_poster"], second.Asset.GetProperty("notes").EnumerateArray().Select(note => note.GetProperty("code").GetString()));

        // A better one takes its place, and the note goes.
        using (var answer = await PutAsync(first.Id, whole)) Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Empty((await NextAsync(second)).Asset.GetProperty("notes").EnumerateArray());
    }

    [Fact]
    public async Task Poster_ThatIsNone_IsRefusedByName()
    {
        var film = await ingest.EndAsync(Film);
        await RefusedAsync(film.Id, "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), HttpStatusCode.BadRequest, "invalid_poster");
        await RefusedAsync(film.Id, [], HttpStatusCode.BadRequest, "invalid_poster");
        await RefusedAsync(film.Id, await File.ReadAllBytesAsync(await MakeAsync("tiny.png", "color=red:size=640x63")), HttpStatusCode.BadRequest, "invalid_poster");
        await RefusedAsync(film.Id, Bomb(), HttpStatusCode.BadRequest, "too_many_pixels");
        await RefusedAsync(film.Id, new byte[(12 << 20) + 1], HttpStatusCode.RequestEntityTooLarge, "too_large");
        using var stranger = ingest.Host.Client(Guid.NewGuid());
        using var content = new ByteArrayContent(Bomb());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PutAsync($"/api/assets/{film.Id}/poster", content)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync($"/api/assets/{film.Id}/poster")).StatusCode);
    }

    // A PNG of some bytes that says it is 20,000 pixels wide and high.
    private static byte[] Bomb() =>
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20, 8, 2, 0, 0, 0, 1, 2, 3, 4];

    private async Task RefusedAsync(string id, byte[] picture, HttpStatusCode status, string code)
    {
        using var answer = await PutAsync(id, picture);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, text);
        Assert.Equal(code, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
    }

    private async Task<HttpResponseMessage> PutAsync(string id, byte[] picture)
    {
        using var content = new ByteArrayContent(picture);
        return await ingest.Client.PutAsync($"/api/assets/{id}/poster", content);
    }

    private async Task<Outcome> NextAsync(Outcome before)
    {
        var next = before;
        await Eventually.TrueAsync(
            async () => (next = new(ingest.Host, await ingest.Client.GetFromJsonAsync<JsonElement>($"/api/assets/{before.Id}"))).Version > before.Version,
            $"a version after {before.Version}\n{ingest.Host.Catalogue.Log}", TimeSpan.FromMinutes(2));
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

    private string Size(byte[] picture)
    {
        var path = ingest.Folder.Combine("shown.jpg");
        File.WriteAllBytes(path, picture);
        return OutsideProbe.Video(path, "width,height");
    }

    private async Task<string> MakeAsync(string name, string source, params string[] options)
    {
        var path = ingest.Folder.Combine(name);
        await Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", source, "-frames:v", "1", .. options, path]);
        return path;
    }
}
