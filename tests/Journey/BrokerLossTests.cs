using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Movento.Contracts;
using Movento.Harness;
using Movento.Servers;

namespace Movento.Journey.Tests;

/// <summary>RabbitMQ is killed between processes that have nothing else to talk by: nothing that was accepted is lost, and nobody waits for it.</summary>
public sealed class BrokerLossTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    : IClassFixture<PostgresFixture>, IClassFixture<RabbitMqFixture>, IAsyncLifetime
{
    // What waits for the broker waits five seconds at most; the rest is what a busy machine takes.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _shared = new();
    private readonly List<RunningMovento> _processes = [];
    private readonly List<string> _slow = [];
    private string _database = "";

    [Fact]
    public async Task Broker_KilledInTheMidstOfAnUpload_HoldsNobodyUp_AndTheFilmIsInTheCatalogueOnceItIsBack()
    {
        var control = await StartAsync("control");
        var ingest = await StartAsync("ingest,worker");
        await SignInAsync(control, ingest);
        var deleted = await UploadAsync(ingest, Repository.Media("hostile/text.mp4"));
        var viewer = await RegisterAsync(control);
        await Eventually.TrueAsync(async () => await StateAsync(ingest, deleted) == "rejected", "what is no film is rejected");

        // 1. In the midst of an upload, the broker is gone.
        using var film = new HalfwayContent(await File.ReadAllBytesAsync(Repository.Media("tos_1080p2997_8s_qr.mp4")));
        var uploading = ingest.Http.PostAsync("/api/uploads?fileName=film.mp4", film);
        await film.Halfway.WaitAsync(Eventually.DefaultLimit);
        await rabbitMq.KillAsync();
        film.GoOn();
        var accepted = await AnswerAsync(HttpStatusCode.Created, "the upload's end", () => uploading);
        var assetId = accepted.GetProperty("assetId").GetString()!;

        // 2. What people do meanwhile is done, or refused by name, without the broker.
        await AnswerAsync(HttpStatusCode.OK, "the catalogue", () => control.Http.GetAsync("/api/movies"));
        await AnswerAsync(HttpStatusCode.OK, "a sign-in", () => control.Http.PostAsJsonAsync("/api/auth/login", new { viewer.Email, viewer.Password }));
        await AnswerAsync(HttpStatusCode.NoContent, "a profile's deletion", () => viewer.SendAsync(control, HttpMethod.Delete, "/api/users/me/profiles/" + viewer.Profile));
        await AnswerAsync(HttpStatusCode.NoContent, "a sign-out", () => viewer.SendAsync(control, HttpMethod.Post, "/api/auth/logout"));
        await AnswerAsync(HttpStatusCode.NoContent, "an asset's deletion", () => ingest.Http.DeleteAsync("/api/assets/" + deleted));
        await AnswerAsync(HttpStatusCode.ServiceUnavailable, "an API key", () => SendAsync(ingest, HttpMethod.Get, "/api/assets", ApiKeyFormat.New().Key));
        await AnswerAsync(HttpStatusCode.OK, "liveness", () => control.Http.GetAsync("/health/live"));

        // 3. The film is made without it, and the catalogue cannot have heard.
        Assert.Equal("published", (await ingest.FinishedAsync(assetId)).GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(control, "/api/movies/" + assetId));

        // 4. It is back.
        await rabbitMq.StartAsync();
        await Eventually.TrueAsync(async () => await StatusAsync(control, "/api/movies/" + assetId) == HttpStatusCode.OK, "the film is in the catalogue");
        await Eventually.TrueAsync(async () => await StatusAsync(control, $"/api/movies/{deleted}/details") == HttpStatusCode.NotFound, "what was deleted is gone there too");
        await Eventually.TrueAsync(
            async () => (await viewer.SendAsync(ingest, HttpMethod.Get, "/api/assets")).StatusCode == HttpStatusCode.Unauthorized, "ingest has heard of the sign-out");
        Assert.Empty(_slow);
    }

    [Fact]
    public async Task Broker_KilledWhileAFilmIsAnnounced_LosesNoAnnouncement()
    {
        var control = await StartAsync("control");
        var ingest = await StartAsync("ingest,worker");
        await SignInAsync(control, ingest);
        var source = _shared.Combine("film.mp4");
        await FilmCut.MakeAsync(Repository.Media("bbb_720p24_60s.mp4"), source, seconds: 2);

        var films = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            // Accepted and published is announced by whatever is there of the broker: it is killed as soon as the film is whole.
            var assetId = await UploadAsync(ingest, source);
            films.Add(assetId);
            Assert.Equal("published", (await ingest.FinishedAsync(assetId)).GetProperty("state").GetString());
            await rabbitMq.KillAsync();
            films.Add(await UploadAsync(ingest, source));
            await rabbitMq.StartAsync();
        }

        foreach (var assetId in films)
            await Eventually.TrueAsync(async () => await StatusAsync(control, "/api/movies/" + assetId) == HttpStatusCode.OK, $"{assetId} is in the catalogue");
        // And the catalogue has said so: nothing is announced without end.
        await using var ingestDatabase = Npgsql.NpgsqlDataSource.Create(_database);
        await using var owed = ingestDatabase.CreateCommand("SELECT count(*)::int FROM ingest.announcements");
        await Eventually.TrueAsync(async () => (int)(await owed.ExecuteScalarAsync())! == 0, "no announcement is owed");
        Assert.Empty(_slow);
    }

    public async Task InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        // A test that failed may have left it dead.
        await rabbitMq.StartAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _shared.Dispose();
    }

    private async Task<RunningMovento> StartAsync(string roles)
    {
        var process = new RunningMovento { Roles = roles };
        _processes.Add(process);
        string[] settings =
        [
            "SecretsFile=" + _shared.Combine("secrets.json"),
            "Database:ConnectionString=" + _database,
            "Messaging:RabbitMq=" + rabbitMq.Address,
            "Storage:Files:Folder=" + _shared.Combine("objects"),
        ];
        foreach (var setting in settings) process.With(setting);
        await process.StartAsync();
        return process;
    }

    private static async Task SignInAsync(RunningMovento control, RunningMovento ingest)
    {
        await control.SignInAsync();
        ingest.Http.DefaultRequestHeaders.Authorization = control.Http.DefaultRequestHeaders.Authorization;
    }

    private async Task<string> UploadAsync(RunningMovento ingest, string path)
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(path));
        return (await AnswerAsync(HttpStatusCode.Created, "an upload", () => ingest.Http.PostAsync("/api/uploads?fileName=film.mp4", content))).GetProperty("assetId").GetString()!;
    }

    private static async Task<Viewer> RegisterAsync(RunningMovento control)
    {
        var (email, password) = ("viewer@example.org", "a calm and quiet evening");
        using var registered = await control.Http.PostAsJsonAsync("/api/auth/register", new { email, password });
        registered.EnsureSuccessStatusCode();
        using var signedIn = await control.Http.PostAsJsonAsync("/api/auth/login", new { email, password });
        signedIn.EnsureSuccessStatusCode();
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Select(set => set.Split(';')[0]).Single(set => set.Contains("refresh", StringComparison.Ordinal));
        var viewer = new Viewer(email, password, (await signedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!, cookie, "");
        using var profiles = await viewer.SendAsync(control, HttpMethod.Get, "/api/users/me/profiles");
        return viewer with { Profile = (await profiles.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items")[0].GetProperty("id").GetString()! };
    }

    private static async Task<string> StateAsync(RunningMovento ingest, string assetId) => (await ingest.AssetAsync(assetId)).GetProperty("state").GetString()!;

    private static async Task<HttpStatusCode> StatusAsync(RunningMovento process, string path)
    {
        using var answer = await process.Http.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningMovento process, HttpMethod method, string path, string token, string? cookie = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await process.Http.SendAsync(request);
    }

    private async Task<JsonElement> AnswerAsync(HttpStatusCode status, string what, Func<Task<HttpResponseMessage>> send)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await send().WaitAsync(Eventually.DefaultLimit);
        if (watch.Elapsed > LongestAnswer) _slow.Add($"{what}: {watch.Elapsed.TotalSeconds:0.0} s");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{what}: {(int)answer.StatusCode} in place of {(int)status} after {watch.Elapsed.TotalSeconds:0.0} s: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>Somebody else than the operator.</summary>
    private sealed record Viewer(string Email, string Password, string Token, string Cookie, string Profile)
    {
        public Task<HttpResponseMessage> SendAsync(RunningMovento process, HttpMethod method, string path) => BrokerLossTests.SendAsync(process, method, path, Token, Cookie);
    }

    /// <summary>A file whose second half waits until it is told to go on.</summary>
    private sealed class HalfwayContent(byte[] bytes) : HttpContent
    {
        private readonly TaskCompletionSource _halfway = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Halfway => _halfway.Task;

        public void GoOn() => _goOn.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var half = bytes.Length / 2;
            await stream.WriteAsync(bytes.AsMemory(0, half));
            await stream.FlushAsync();
            _halfway.TrySetResult();
            await _goOn.Task;
            await stream.WriteAsync(bytes.AsMemory(half));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
