using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Movento.Harness;

namespace Movento.ApiDescription.Tests;

/// <summary>What Prism cannot see through: uploads that go on after breaks (to Prism, as to OpenAPI, an answer has a body or has none), HEAD, which it fails at, and streams of
/// events, which it would hold back. They go to the host, and are held against the document by <see cref="DocumentJudge"/>.</summary>
[Collection(nameof(DescribedHost))]
public sealed class DirectTrafficTests(DescribedHost host) : IAsyncLifetime
{
    private static readonly (string, string) Tus = ("Tus-Resumable", "1.0.0");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = host.Url };
    private readonly DocumentJudge _judge = new(host);

    [Fact]
    public async Task Tus_FromItsBeginningToItsEnd_IsAsTheDocumentSays()
    {
        await AnswersAsync("describeUploads", HttpStatusCode.NoContent, HttpMethod.Options, "/api/uploads");
        await AnswersAsync("describeUpload", HttpStatusCode.NoContent, HttpMethod.Options, $"/api/uploads/{new string('0', 32)}");

        // The whole of it, in two requests.
        var upload = await LocationAsync(("Upload-Length", "16"), ("Upload-Metadata", "filename " + Base64("film.mp4")));
        await AnswersAsync("getUploadOffset", HttpStatusCode.OK, HttpMethod.Head, upload, null, Tus);
        await AnswersAsync("appendToUpload", HttpStatusCode.NoContent, HttpMethod.Patch, upload, Bytes("This is "), Tus, ("Upload-Offset", "0"));
        await AnswersAsync("appendToUpload", HttpStatusCode.Conflict, HttpMethod.Patch, upload, Bytes("no film."), Tus, ("Upload-Offset", "3"));
        await AnswersAsync("appendToUpload", HttpStatusCode.PreconditionFailed, HttpMethod.Patch, upload, Bytes("no film."), ("Tus-Resumable", "0.2.2"), ("Upload-Offset", "8"));
        await AnswersAsync("appendToUpload", HttpStatusCode.UnsupportedMediaType, HttpMethod.Patch, upload, new StringContent("no film."), Tus, ("Upload-Offset", "8"));
        await AnswersAsync(
            "appendToUpload", (HttpStatusCode)460, HttpMethod.Patch, upload, Bytes("no film."), Tus, ("Upload-Offset", "8"), ("Upload-Checksum", "sha1 " + Base64("of something else....")[..27] + "="));
        await AnswersAsync("overrideUploadMethod", HttpStatusCode.NoContent, HttpMethod.Post, upload, Bytes("no film."), Tus, ("Upload-Offset", "8"), ("X-HTTP-Method-Override", "PATCH"));
        await AnswersAsync("overrideUploadMethod", HttpStatusCode.OK, HttpMethod.Post, upload, Bytes(""), Tus, ("X-HTTP-Method-Override", "HEAD"));
        await AnswersAsync("getUploadOffset", HttpStatusCode.OK, HttpMethod.Head, upload, null, Tus);
        await AnswersAsync("endUpload", HttpStatusCode.BadRequest, HttpMethod.Delete, upload, null, Tus);

        // A length that is said later, and an end before it.
        var open = await LocationAsync(("Upload-Defer-Length", "1"));
        await AnswersAsync("getUploadOffset", HttpStatusCode.OK, HttpMethod.Head, open, null, Tus);
        await AnswersAsync("endUpload", HttpStatusCode.NoContent, HttpMethod.Delete, open, null, Tus);
        await AnswersAsync("getUploadOffset", HttpStatusCode.Gone, HttpMethod.Head, open, null, Tus);
        await AnswersAsync("getUploadOffset", HttpStatusCode.NotFound, HttpMethod.Head, $"/api/uploads/{new string('0', 32)}", null, Tus);

        // Two parts made one.
        string[] parts = [await LocationAsync(("Upload-Length", "8"), ("Upload-Concat", "partial")), await LocationAsync(("Upload-Length", "8"), ("Upload-Concat", "partial"))];
        await AnswersAsync("createUpload", HttpStatusCode.BadRequest, HttpMethod.Post, "/api/uploads", null, Tus, ("Upload-Concat", $"final;{parts[0]} {parts[1]}"));
        foreach (var part in parts) await AnswersAsync("appendToUpload", HttpStatusCode.NoContent, HttpMethod.Patch, part, Bytes("No film."), Tus, ("Upload-Offset", "0"));
        await AnswersAsync("getUploadOffset", HttpStatusCode.OK, HttpMethod.Head, parts[0], null, Tus);
        var joined = await LocationAsync(("Upload-Concat", $"final;{parts[0]} {parts[1]}"));
        await AnswersAsync("getUploadOffset", HttpStatusCode.OK, HttpMethod.Head, joined, null, Tus);
        await AnswersAsync("appendToUpload", HttpStatusCode.Forbidden, HttpMethod.Patch, joined, Bytes("More."), Tus, ("Upload-Offset", "16"));

        Assert.Empty(await _judge.WrongAsync());
    }

    [Fact]
    public async Task Draft_FromItsBeginningToItsEnd_IsAsTheDocumentSays()
    {
        using var begun = await AnswersAsync("createUpload", HttpStatusCode.Created, HttpMethod.Post, "/api/uploads?fileName=film.mp4", Bytes("This is "), ("Upload-Complete", "?0"), ("Upload-Length", "16"));
        var upload = begun.Headers.Location!.OriginalString;
        await AnswersAsync("getUploadOffset", HttpStatusCode.NoContent, HttpMethod.Head, upload);
        await AnswersAsync(
            "appendToUpload", HttpStatusCode.Conflict, HttpMethod.Patch, upload, Bytes("no film.", "application/partial-upload"), ("Upload-Offset", "3"), ("Upload-Complete", "?1"));
        await AnswersAsync(
            "appendToUpload", HttpStatusCode.Created, HttpMethod.Patch, upload, Bytes("no film.", "application/partial-upload"), ("Upload-Offset", "8"), ("Upload-Complete", "?1"));
        await AnswersAsync("getUploadOffset", HttpStatusCode.NoContent, HttpMethod.Head, upload);
        await AnswersAsync("createUpload", HttpStatusCode.Created, HttpMethod.Post, "/api/uploads?fileName=film.mp4", Bytes("This is no film."), ("Upload-Complete", "?1"));

        Assert.Empty(await _judge.WrongAsync());
    }

    [Fact]
    public async Task Streams_OfEvents_TellWhatTheDocumentSays()
    {
        using var whole = await OpenAsync("streamAssetsEvents", "/api/assets/events");
        await using var events = Events(whole).GetAsyncEnumerator();
        Assert.Equal("open", (await NextAsync(events)).Name);

        using var uploaded = await _http.PutAsync("/api/uploads/film.mp4", new StringContent("This is no film."));
        var id = (await uploaded.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("assetId").GetString()!;
        using (var one = await OpenAsync("streamAssetEvents", $"/api/assets/{id}/events"))
        {
            // Until nothing more is done to it: then the stream ends.
            var states = new List<string>();
            await foreach (var heard in Events(one))
            {
                Assert.Equal("asset", heard.Name);
                _judge.HoldEvent("an asset's event", "AssetView", heard.Data);
                states.Add(JsonElement.Parse(heard.Data).GetProperty("state").GetString()!);
            }

            Assert.Equal("rejected", states[^1]);
        }

        // The team's stream has it too; looks are half a second apart, so what is deleted before one is only told to be gone.
        var news = await NextAsync(events);
        Assert.Equal("asset", news.Name);
        using var deleted = await _http.DeleteAsync($"/api/assets/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        for (; news.Name != "deleted"; news = await NextAsync(events))
        {
            Assert.Equal("asset", news.Name);
            _judge.HoldEvent("a team's event", "AssetView", news.Data);
        }

        Assert.Equal(id, Assert.Single(JsonElement.Parse(news.Data).EnumerateObject(), member => member.Name == "id").Value.GetString());
        await AnswersAsync("streamAssetEvents", HttpStatusCode.NotFound, HttpMethod.Get, $"/api/assets/{id}/events");
        Assert.Empty(await _judge.WrongAsync());
    }

    [Fact]
    public async Task Head_OfWhatIsRead_IsAnsweredAsGet_WithoutABody()
    {
        foreach (var operation in host.Operations.Where(one => one.Method == "get" && !one.Path.Contains('{', StringComparison.Ordinal) && one.Id != "streamAssetsEvents"))
        {
            using var get = await _http.GetAsync(operation.Path);
            using var head = await AnswersAsync(operation.Id, get.StatusCode, HttpMethod.Head, operation.Path);
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }

        Assert.Empty(await _judge.WrongAsync());
    }

    [Fact]
    public async Task Judge_OfWhatTheDocumentDoesNotHave_SaysSo()
    {
        using var status = new HttpResponseMessage((HttpStatusCode)299);
        using var header = new HttpResponseMessage(HttpStatusCode.NoContent) { Headers = { { "Upload-Mood", "good" } } };
        using var type = new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent("made") };
        using var body = new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent("{}", new MediaTypeHeaderValue("application/json")) };
        _judge.Hold("appendToUpload", status, "");
        _judge.Hold("appendToUpload", header, "");
        _judge.Hold("appendToUpload", type, "made");
        _judge.Hold("appendToUpload", body, "{}");
        _judge.HoldEvent("an event", "AssetView", """{"id":7}""");

        var wrong = await _judge.WrongAsync();
        Assert.Equal(5, wrong.Count);
        Assert.Contains(wrong, one => one.Contains("no such status", StringComparison.Ordinal));
        Assert.Contains(wrong, one => one.Contains("no header Upload-Mood", StringComparison.Ordinal));
        Assert.Contains(wrong, one => one.Contains("no text/plain", StringComparison.Ordinal));
        Assert.Contains(wrong, one => one.Contains("assetId", StringComparison.Ordinal));
        Assert.Contains(wrong, one => one.StartsWith("an event", StringComparison.Ordinal));
    }

    public async Task InitializeAsync()
    {
        var secrets = host.Host.Secrets;
        using var answer = await _http.PostAsJsonAsync("/api/auth/login", new { email = secrets.OperatorEmail, password = secrets.OperatorPassword });
        answer.EnsureSuccessStatusCode();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
    }

    public Task DisposeAsync()
    {
        _http.Dispose();
        return Task.CompletedTask;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static ByteArrayContent Bytes(string text, string type = "application/offset+octet-stream") => new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new(type) } };

    private async Task<string> LocationAsync(params (string Name, string Value)[] headers)
    {
        using var made = await AnswersAsync("createUpload", HttpStatusCode.Created, HttpMethod.Post, "/api/uploads", null, [Tus, .. headers]);
        return made.Headers.Location!.OriginalString;
    }

    private async Task<HttpResponseMessage> AnswersAsync(
        string operation, HttpStatusCode status, HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{method} {path}: {(int)answer.StatusCode} in place of {((int)status).ToString(CultureInfo.InvariantCulture)}: {text}");
        _judge.Hold(operation, answer, text);
        return answer;
    }

    private async Task<HttpResponseMessage> OpenAsync(string operation, string path)
    {
        var answer = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        _judge.Hold(operation, answer, "");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }

    private static async Task<Heard> NextAsync(IAsyncEnumerator<Heard> events) =>
        await events.MoveNextAsync() ? events.Current : throw new InvalidOperationException("The stream has ended.");

    private static async IAsyncEnumerable<Heard> Events(HttpResponseMessage answer)
    {
        using var limit = new CancellationTokenSource(Eventually.DefaultLimit);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        string name = "", data = "";
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line["data: ".Length..];
            else if (line.Length == 0 && data.Length > 0)
            {
                yield return new Heard(name, data);
                (name, data) = ("", "");
            }
        }
    }

    private sealed record Heard(string Name, string Data);
}
