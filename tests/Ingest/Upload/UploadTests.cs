using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Movento.Contracts;
using Movento.Harness;
using Movento.Ingest.Tests.Running;
using Movento.Servers;
using Npgsql;

namespace Movento.Ingest.Tests.Upload;

/// <summary>The upload API on a host without a worker, so that what it leaves can be seen.</summary>
public sealed class UploadTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Guid _user = Guid.NewGuid();
    private NpgsqlDataSource _database = null!;
    private IngestHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync("ingest", typeof(IngestOptions).Assembly);
        _host = await IngestHost.StartAsync(_database, _folder, options => options.MaxUploadBytes = 1_000_000, worker: false);
        _client = _host.Client(_user);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Delete_WhileTheUploadArrives_EndsItWithoutItsSender()
    {
        // A sender who stops in the midst of the body, and neither goes on nor hangs up.
        using var sender = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await sender.ConnectAsync(IPAddress.Loopback, _host.Address.Port);
        await sender.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /api/uploads?title=slow HTTP/1.1\r\nHost: localhost\r\nAuthorization: test {_user} editor\r\nContent-Length: 900000\r\n\r\n"));
        await sender.SendAsync(new byte[100_000]);
        string? id = null;
        await Eventually.TrueAsync(async () =>
        {
            var page = await _client.GetFromJsonAsync<JsonElement>("/api/assets?state=receiving");
            return (id = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()).SingleOrDefault()) is not null;
        }, "it is being received");

        using var deleted = await _client.DeleteAsync($"/api/assets/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        // Everything of it is gone when that is answered, and the sender is told why.
        Assert.Null(await _host.Store.HeadAsync(StorageKey.Upload(AssetId.Parse(id!)), default));
        await using var connection = await _database.OpenConnectionAsync();
        Assert.False(await connection.ExecuteScalarAsync<bool>("select exists (select from assets where id = @id)", new { id = AssetId.Parse(id!).Value }));
        var answer = new byte[4096];
        using var limit = new CancellationTokenSource(Eventually.DefaultLimit);
        var text = Encoding.UTF8.GetString(answer, 0, await sender.ReceiveAsync(answer, limit.Token));
        Assert.StartsWith("HTTP/1.1 410 ", text, StringComparison.Ordinal);
        Assert.Contains("upload_gone", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Upload_Whole_IsDurableAndQueuedWhenAnswered(bool chunked)
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/uploads/{Uri.EscapeDataString("It's a \"film\" – 映画.mov")}") { Content = new ByteArrayContent(bytes) };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var receipt = await response.Content.ReadFromJsonAsync<JsonElement>();
        var id = receipt.GetProperty("assetId").GetString()!;
        Assert.Equal($"/api/assets/{id}", response.Headers.Location!.ToString());
        Assert.Equal(bytes.Length, receipt.GetProperty("bytes").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), receipt.GetProperty("sha256").GetString());

        var stored = new byte[bytes.Length + 1];
        Assert.Equal(bytes.Length, await _host.Store.ReadAsync(StorageKey.Upload(AssetId.Parse(id)), 0, stored, default));
        Assert.Equal(bytes, stored[..^1]);

        var asset = await _client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}");
        Assert.Equal("queued", asset.GetProperty("state").GetString());
        Assert.Equal("It's a \"film\" – 映画", asset.GetProperty("title").GetString());
        Assert.Equal("It's a \"film\" – 映画.mov", asset.GetProperty("fileName").GetString());
        Assert.Equal("done", asset.GetProperty("stages")[0].GetProperty("state").GetString());
        await Eventually.TrueAsync(() => _host.Catalogue.All<AssetAccepted>().Any(heard => heard.AssetId == AssetId.Parse(id).Value && heard.OwnerId == _user), "the catalogue heard of it");
    }

    [Fact]
    public async Task Upload_DeclaredTooLarge_IsRefusedBeforeItsBody()
    {
        using var socket = await SendHeadAsync("Content-Length: 1000001");
        Assert.StartsWith("HTTP/1.1 413", await ReadHeadAsync(socket), StringComparison.Ordinal);
        await AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData(1_000_001, HttpStatusCode.RequestEntityTooLarge, "too_large")]
    [InlineData(0, HttpStatusCode.BadRequest, "empty")]
    public async Task Upload_ChunkedOfAWrongLength_IsRefusedByName(int length, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/uploads?fileName=film.mp4") { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.TransferEncodingChunked = true;
        using var response = await _client.SendAsync(request);
        await AssertProblemAsync(response, status, code);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Upload_Empty_IsRefused()
    {
        using var response = await _client.PostAsync("/api/uploads?fileName=film.mp4", new ByteArrayContent([]));
        await AssertProblemAsync(response, HttpStatusCode.BadRequest, "empty");
    }

    [Fact]
    public async Task Upload_BrokenOff_LeavesNothing()
    {
        using (var socket = await SendHeadAsync("Content-Length: 500000"))
        {
            await socket.SendAsync(new byte[100_000]);
            await Eventually.TrueAsync(async () => await CountRowsAsync() == 1, "the upload is being received");
        }
        await Eventually.TrueAsync(async () => await CountRowsAsync() == 0, "its row is gone");
        await AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData("title=%0A", "invalid_title")]
    [InlineData("title=a%00b", "invalid_title")]
    [InlineData("title=a%07b", "invalid_title")]
    [InlineData("title=", "invalid_title")]
    [InlineData("title=x&fileName=a%0Db.mp4", "invalid_file_name")]
    public async Task Upload_WithControlCharacters_IsRefusedByName(string query, string code)
    {
        using var response = await _client.PostAsync($"/api/uploads?{query}", new ByteArrayContent([1]));
        await AssertProblemAsync(response, HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Title_OfTwoHundredCharacters_IsTheLongest()
    {
        var longest = string.Concat(Enumerable.Repeat("👩", 200));
        using var accepted = await _client.PostAsync($"/api/uploads?title={Uri.EscapeDataString(longest)}", new ByteArrayContent([1]));
        Assert.Equal(HttpStatusCode.Created, accepted.StatusCode);
        using var refused = await _client.PostAsync($"/api/uploads?title={Uri.EscapeDataString(longest + "x")}", new ByteArrayContent([1]));
        await AssertProblemAsync(refused, HttpStatusCode.BadRequest, "invalid_title");
    }

    [Fact]
    public async Task Upload_WithoutAnEditorsToken_IsRefused()
    {
        using var nobody = new HttpClient { BaseAddress = _host.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.PostAsync("/api/uploads", new ByteArrayContent([1]))).StatusCode);
        using var viewer = _host.Client(_user, Access.ViewerRole);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsync("/api/uploads", new ByteArrayContent([1]))).StatusCode);
        await AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task Upload_OfAKilledProcess_IsSweptAway()
    {
        // As a process leaves it that was killed while it received.
        // The bytes first: a host that runs already sweeps the row away as soon as it stands.
        var left = AssetId.New(TimeProvider.System.GetUtcNow());
        await _host.Store.PutAsync(StorageKey.Upload(left), new MemoryStream([1, 2, 3]), "application/octet-stream", default);
        await using (var connection = await _database.OpenConnectionAsync())
            await connection.ExecuteAsync(
                """
                insert into assets (id, owner_id, team_id, title, file_name, state, lease_token, lease_until)
                values (@id, @user, @user, 'x', 'x', 'receiving', @id, now() - interval '1 second')
                """,
                new { id = left.Value, user = _user });

        await using var restarted = await IngestHost.StartAsync(_database, _folder, worker: false, store: _host.Store);
        await Eventually.TrueAsync(async () => await CountRowsAsync() == 0, "the row is swept away");
        await AssertNothingIsLeftAsync();
        Assert.Empty(restarted.Catalogue.Heard);
    }

    private async Task<Socket> SendHeadAsync(string length)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _host.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"PUT /api/uploads/film.mp4 HTTP/1.1\r\nHost: localhost\r\nAuthorization: test {_user} editor\r\n{length}\r\n\r\n"));
        return socket;
    }

    private static async Task<string> ReadHeadAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, code), (response.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    private async Task<long> CountRowsAsync()
    {
        await using var connection = await _database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>("select count(*) from assets");
    }

    private async Task AssertNothingIsLeftAsync()
    {
        Assert.Equal(0, await CountRowsAsync());
        await foreach (var left in _host.Store.ListAsync("", default)) Assert.Fail(left.Key);
    }
}
