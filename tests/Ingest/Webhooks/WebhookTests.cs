using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http;
using Movento.Harness;
using Movento.Ingest.Tests.Running;
using Movento.Servers;
using Npgsql;

namespace Movento.Ingest.Tests.Webhooks;

/// <summary>Webhooks from the event to the receiver, over real sockets; openssl is the judge of signatures.</summary>
public sealed class WebhookTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string Film = Repository.Media("hostile/one_frame.mp4");
    private readonly TemporaryFolder _folder = new();
    private readonly Guid _team = Guid.NewGuid();
    private NpgsqlDataSource _database = null!;
    private IngestHost _host = null!;
    private HttpClient _client = null!;
    private Receiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync("ingest", typeof(IngestOptions).Assembly);
        _host = await IngestHost.StartAsync(_database, _folder, options =>
        {
            options.Webhooks.AllowLoopback = true;
            options.Webhooks.FirstRetry = TimeSpan.FromMilliseconds(20);
            options.Webhooks.LongestRetry = TimeSpan.FromMilliseconds(200);
            options.Webhooks.MaxAttempts = 3;
            options.Webhooks.DisableAfter = 1;
        }, worker: false);
        _client = _host.Client(Guid.NewGuid(), team: _team);
        _receiver = await Receiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        await _receiver.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Upload_OfAColleague_IsToldSignedAndOnce()
    {
        var (endpoint, secret) = await CreateAsync();
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", secret);
        using var colleague = _host.Client(Guid.NewGuid(), team: _team);
        using var stranger = _host.Client(Guid.NewGuid());
        await IngestHost.UploadAsync(stranger, Film);
        var asset = await IngestHost.UploadAsync(colleague, Film, "Ünïcode <b>&\"");
        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync($"/api/assets/{asset}")).StatusCode);

        await Eventually.TrueAsync(() => _receiver.Messages.Count >= 2, "both messages came");
        var accepted = _receiver.Messages.Single(message => message.Type == "asset.accepted");
        var data = JsonDocument.Parse(accepted.Body).RootElement.GetProperty("data");
        Assert.Equal((asset, "Ünïcode <b>&\"", "queued"),
            (data.GetProperty("id").GetString(), data.GetProperty("title").GetString(), data.GetProperty("state").GetString()));
        Assert.DoesNotContain("<b>", accepted.Body, StringComparison.Ordinal);
        var deleted = _receiver.Messages.Single(message => message.Type == "asset.deleted");
        Assert.Equal("deleted", JsonDocument.Parse(deleted.Body).RootElement.GetProperty("data").GetProperty("state").GetString());
        foreach (var message in _receiver.Messages) Assert.Equal([await OpensslAsync(secret, message)], message.Signature.Split(' '));

        // Nobody else's, and the secret is shown no more.
        var text = await _client.GetStringAsync($"/api/webhooks/{endpoint}");
        Assert.DoesNotContain("whsec_", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/webhooks/{endpoint}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/webhooks/{endpoint}/deliveries")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync($"/api/webhooks/{endpoint}")).StatusCode);
        await Eventually.TrueAsync(async () => (await DeliveriesAsync(endpoint)).All(delivery => delivery.GetProperty("state").GetString() == "delivered"), "both are recorded");
        Assert.Equal(2, _receiver.Messages.Count);
    }

    [Fact]
    public async Task Message_RefusedTwice_ComesAThirdTimeUnderTheSameId()
    {
        var (endpoint, secret) = await CreateAsync();
        var refusals = 2;
        _receiver.Answer = async context =>
        {
            context.Response.StatusCode = Interlocked.Decrement(ref refusals) >= 0 ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
            await context.Response.WriteAsync("not\u0000today\u001b[31m");
        };
        await IngestHost.UploadAsync(_client, Film);
        var delivery = await DeliveredAsync(endpoint);

        Assert.Equal(3, _receiver.Messages.Count);
        var id = Assert.Single(_receiver.Messages.Select(message => message.Id).Distinct());
        Assert.Equal(delivery.GetProperty("messageId").GetString(), id);
        Assert.Single(_receiver.Messages.Select(message => message.Body).Distinct());
        foreach (var message in _receiver.Messages) Assert.Equal(await OpensslAsync(secret, message), message.Signature);

        var detail = await _client.GetFromJsonAsync<JsonElement>($"/api/webhooks/{endpoint}/deliveries/{delivery.GetProperty("id").GetString()}");
        var attempts = detail.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal([200, 500, 500], attempts.Select(attempt => attempt.GetProperty("status").GetInt32()));
        Assert.All(attempts, attempt => Assert.Equal("not today [31m", attempt.GetProperty("snippet").GetString()));
        Assert.Equal(_receiver.Messages.First().Body, detail.GetProperty("body").GetString());
    }

    [Fact]
    public async Task Message_OnceMoreAskedFor_ComesUnderTheSameId()
    {
        var (endpoint, _) = await CreateAsync();
        await IngestHost.UploadAsync(_client, Film);
        var delivery = await DeliveredAsync(endpoint);
        using var replayed = await _client.PostAsync($"/api/webhooks/{endpoint}/deliveries/{delivery.GetProperty("id").GetString()}/replay", null);
        Assert.Equal(HttpStatusCode.Accepted, replayed.StatusCode);
        await Eventually.TrueAsync(() => _receiver.Messages.Count == 2, "it came again");
        Assert.Single(_receiver.Messages.Select(message => (message.Id, message.Body)).Distinct());
    }

    [Fact]
    public async Task Secret_Rotated_SignsBesideTheOneBefore()
    {
        var (endpoint, before) = await CreateAsync();
        var after = await RotateAsync(endpoint, null);
        Assert.NotEqual(before, after);
        await TestAsync(endpoint);
        await Eventually.TrueAsync(() => _receiver.Messages.Count == 1, "it came");
        var message = _receiver.Messages.Single();
        Assert.Equal("webhook.test", message.Type);
        Assert.Equal([await OpensslAsync(after, message), await OpensslAsync(before, message)], message.Signature.Split(' '));

        // Known to somebody who should not know it: it ends at once.
        var last = await RotateAsync(endpoint, 0);
        await TestAsync(endpoint);
        await Eventually.TrueAsync(() => _receiver.Messages.Count == 2, "it came");
        message = _receiver.Messages.Last();
        Assert.Equal(await OpensslAsync(last, message), message.Signature);
    }

    [Fact]
    public async Task Endpoint_ThatNeverAnswersWell_IsDisabledAndCatchesUpWhenEnabled()
    {
        var (endpoint, _) = await CreateAsync();
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        var since = DateTimeOffset.UtcNow.AddMinutes(-1);
        await IngestHost.UploadAsync(_client, Film);
        JsonElement view = default;
        await Eventually.TrueAsync(async () =>
        {
            view = await _client.GetFromJsonAsync<JsonElement>($"/api/webhooks/{endpoint}");
            return !view.GetProperty("enabled").GetBoolean();
        }, "it is disabled");
        Assert.Equal("failing", view.GetProperty("disabledReason").GetString());
        Assert.Equal("failed", (await DeliveriesAsync(endpoint)).Single().GetProperty("state").GetString());
        Assert.Equal(3, _receiver.Messages.Count);

        // While it is disabled nothing is sent, and nothing is lost.
        await IngestHost.UploadAsync(_client, Film);
        Assert.Single(await DeliveriesAsync(endpoint));
        _receiver.Answer = _ => Task.CompletedTask;
        using var enabled = await _client.PatchAsJsonAsync($"/api/webhooks/{endpoint}", new { enabled = true });
        Assert.True((await enabled.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("enabled").GetBoolean());
        using var replayed = await _client.PostAsJsonAsync($"/api/webhooks/{endpoint}/replay", new { since });
        Assert.Equal(2, (await replayed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("deliveries").GetInt32());
        await Eventually.TrueAsync(async () => (await DeliveriesAsync(endpoint)).Count(delivery => delivery.GetProperty("state").GetString() == "delivered") == 2, "both came");
        Assert.Equal(2, _receiver.Messages.Select(message => message.Id).Distinct().Count());
    }

    [Fact]
    public async Task Endpoint_ThatIsGone_IsDisabledAtOnce()
    {
        var (endpoint, _) = await CreateAsync();
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status410Gone;
            return Task.CompletedTask;
        };
        await TestAsync(endpoint);
        await Eventually.TrueAsync(
            async () => (await _client.GetFromJsonAsync<JsonElement>($"/api/webhooks/{endpoint}")).GetProperty("disabledReason").GetString() == "gone", "it is disabled");
        Assert.Single(_receiver.Messages);
    }

    [Fact]
    public async Task Delivery_OfAProcessThatDied_IsMadeByAnother()
    {
        var (endpoint, _) = await CreateAsync();
        // As it is left by a process that is killed between its claim and the connection: counted, due again when the claim runs out.
        await using (var connection = await _database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                """
                insert into webhook_events (id, team_id, type, body) values ('019ac000-0000-7000-8000-000000000001', @_team, 'webhook.test', '{"type":"webhook.test"}');
                insert into webhook_deliveries (id, endpoint_id, event_id, attempts, tries, next_at)
                values (gen_random_uuid(), @endpoint, '019ac000-0000-7000-8000-000000000001', 1, 1, now() + interval '1 second')
                """, new { _team, endpoint = Guid.ParseExact(endpoint, "N") });
        }
        Assert.Equal(2, (await DeliveredAsync(endpoint)).GetProperty("attempts").GetInt32());
        Assert.Equal("msg_019ac000000070008000000000000001", Assert.Single(_receiver.Messages).Id);
    }

    [Fact]
    public async Task Endpoint_ThatAsksForProgress_HearsOfIt()
    {
        await CreateAsync("asset.progress");
        await IngestHost.UploadAsync(_client, Film);
        await using (var connection = await _database.OpenConnectionAsync())
            await connection.ExecuteAsync("update assets set state = 'processing', stage = 'encode', stage_progress = 0.5, lease_until = now() + interval '1 hour'");
        await Eventually.TrueAsync(() => !_receiver.Messages.IsEmpty, "it came");
        var message = _receiver.Messages.First();
        Assert.Equal("asset.progress", message.Type);
        var encode = JsonDocument.Parse(message.Body).RootElement.GetProperty("data").GetProperty("stages")[3];
        Assert.Equal(0.5, encode.GetProperty("progress").GetDouble());
    }

    [Theory]
    [InlineData("""{"url":"https://10.0.0.1/"}""", 400, "invalid_url")]
    [InlineData("""{"url":"http://example.com/"}""", 400, "invalid_url")]
    [InlineData("""{"url":"https://example.com/","events":["asset.eaten"]}""", 400, "invalid_events")]
    [InlineData("""{"url":"https://example.com/","colour":"red"}""", 400, "malformed_json")]
    [InlineData("""[""", 400, "malformed_json")]
    public async Task Endpoint_ThatCannotBe_IsRefusedByName(string body, int status, string code)
    {
        using var response = await _client.PostAsync("/api/webhooks", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal((status, code), ((int)response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Endpoints_MoreThanATeamMayHave_AreRefused()
    {
        for (var i = 0; i < _host.Options.Webhooks.MaxEndpoints; i++) await CreateAsync();
        using var response = await _client.PostAsJsonAsync("/api/webhooks", new { url = _receiver.Url });
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    private async Task<(string Id, string Secret)> CreateAsync(params string[] events)
    {
        using var response = await _client.PostAsJsonAsync("/api/webhooks", new { url = _receiver.Url, events });
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, text);
        var endpoint = JsonDocument.Parse(text).RootElement;
        return (endpoint.GetProperty("id").GetString()!, endpoint.GetProperty("secret").GetString()!);
    }

    private async Task<string> RotateAsync(string endpoint, int? keepPreviousSeconds)
    {
        using var response = await _client.PostAsJsonAsync($"/api/webhooks/{endpoint}/secret", new { keepPreviousSeconds });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
    }

    private async Task TestAsync(string endpoint)
    {
        using var response = await _client.PostAsync($"/api/webhooks/{endpoint}/test", null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private async Task<List<JsonElement>> DeliveriesAsync(string endpoint) =>
        [.. (await _client.GetFromJsonAsync<JsonElement>($"/api/webhooks/{endpoint}/deliveries")).GetProperty("items").EnumerateArray()];

    private async Task<JsonElement> DeliveredAsync(string endpoint)
    {
        JsonElement delivered = default;
        await Eventually.TrueAsync(async () =>
        {
            delivered = (await DeliveriesAsync(endpoint)).SingleOrDefault(delivery => delivery.GetProperty("state").GetString() == "delivered");
            return delivered.ValueKind == JsonValueKind.Object;
        }, "it is delivered");
        return delivered;
    }

    // standardwebhooks.com: HMAC-SHA256 of id.timestamp.body under the bytes that the secret's base64 stands for.
    private async Task<string> OpensslAsync(string secret, Receiver.Message message)
    {
        var path = _folder.Combine(Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(path, $"{message.Id}.{message.Timestamp}.{message.Body}");
        var key = Convert.ToHexString(Convert.FromBase64String(secret["whsec_".Length..]));
        var hex = (await Tool.OutputAsync("openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", $"hexkey:{key}", "-r", path)).Split(' ')[0];
        return "v1," + Convert.ToBase64String(Convert.FromHexString(hex));
    }
}
