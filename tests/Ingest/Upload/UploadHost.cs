using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
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
using Movento.Storage;
using Movento.Storage.Files;
using Npgsql;

namespace Movento.Ingest.Tests.Upload;

/// <summary>A host without a worker, a database of its own, and clients that speak tus and the draft by hand.</summary>
public class UploadHost : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();

    protected TemporaryFolder Folder { get; } = new();
    public NpgsqlDataSource Database { get; private set; } = null!;
    public IngestHost Host { get; private set; } = null!;
    public IObjectStore Store => Host.Store;
    public Guid User { get; } = Guid.NewGuid();
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Where the store keeps uploads that grow.</summary>
    public string Staged => Folder.Combine("objects", "_staged");

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        Directory.CreateDirectory(Staged);
        Database = await _postgres.CreateDatabaseAsync("ingest", typeof(IngestOptions).Assembly);
        Host = await StartAsync();
        Client = Host.Client(User);
    }

    /// <summary>Another host over the same database and the same objects: another process.</summary>
    public async Task<IngestHost> StartAsync(Action<IngestOptions>? configure = null) => await IngestHost.StartAsync(
        Database, Folder, options =>
        {
            options.MaxUploadBytes = 50_000_000;
            configure?.Invoke(options);
        },
        worker: false, store: await MakeStoreAsync(), catalogue: Host?.Catalogue);

    protected virtual Task<IObjectStore> MakeStoreAsync() => Task.FromResult<IObjectStore>(
        new FileObjectStore(new FileStorageOptions { Folder = Folder.Combine("objects") }, TimeProvider.System));

    public virtual async Task DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        await _postgres.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>A request of tus: the version, and headers as pairs of name and value.</summary>
    public static HttpRequestMessage Tus(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }
        return request;
    }

    /// <summary>A request of the draft.</summary>
    public static HttpRequestMessage Draft(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            foreach (var (name, value) in headers)
                if (name == "Content-Disposition") request.Content.Headers.TryAddWithoutValidation(name, value);
            if (method == "PATCH") request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/partial-upload");
        }
        return request;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Client.SendAsync(request);

    /// <summary>Creates an upload by tus and returns its URL.</summary>
    public async Task<string> CreateAsync(long length, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(Tus("POST", "/api/uploads", null, [("Upload-Length", Text(length)), .. headers]));
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return response.Headers.Location!.ToString();
    }

    public Task<HttpResponseMessage> PatchAsync(string url, long offset, byte[] bytes, params (string Name, string Value)[] headers) =>
        SendAsync(Tus("PATCH", url, bytes, [("Upload-Offset", Text(offset)), .. headers]));

    /// <summary>The offset that HEAD tells.</summary>
    public async Task<long> OffsetAsync(string url)
    {
        using var response = await SendAsync(Tus("HEAD", url, null));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return long.Parse(Header(response, "Upload-Offset"), CultureInfo.InvariantCulture);
    }

    public static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : throw new InvalidOperationException($"There is no {name} in {response}");

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Metadata(params (string Key, string Value)[] pairs) =>
        string.Join(',', pairs.Select(pair => $"{pair.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value))}"));

    public static async Task AssertProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal(code, JsonDocument.Parse(text).RootElement.GetProperty("code").GetString());
    }

    /// <summary>Demands that the upload became an asset that waits with exactly these bytes.</summary>
    public async Task AssertQueuedAsync(string url, byte[] bytes)
    {
        var id = url[(url.LastIndexOf('/') + 1)..];
        var asset = await Client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}");
        Assert.Equal("queued", asset.GetProperty("state").GetString());
        var stored = new byte[bytes.Length + 1];
        Assert.Equal(bytes.Length, await Store.ReadAsync(StorageKey.Upload(AssetId.Parse(id)), 0, stored, default));
        Assert.True(bytes.AsSpan().SequenceEqual(stored.AsSpan(0, bytes.Length)));
        await using var connection = await Database.OpenConnectionAsync();
        var row = await connection.QuerySingleAsync<(long Bytes, byte[] Sha256)>("select bytes, sha256 from assets where id = @id", new { id = AssetId.Parse(id).Value });
        Assert.Equal(bytes.Length, row.Bytes);
        Assert.Equal(SHA256.HashData(bytes), row.Sha256);
        await Eventually.TrueAsync(() => Host.Catalogue.All<AssetAccepted>().Any(heard => heard.AssetId == AssetId.Parse(id).Value), "the catalogue heard of it");
    }

    /// <summary>Begins a PATCH and sends these bytes of it, and no more: a client whose connection is dead, and nobody knows.</summary>
    public async Task<Socket> BeginPatchAsync(IngestHost host, string url, long offset, int length, byte[] sent)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"PATCH {url} HTTP/1.1\r\nHost: localhost\r\nAuthorization: test {User} editor\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\n" +
            $"Content-Type: application/offset+octet-stream\r\nContent-Length: {length}\r\n\r\n"));
        await socket.SendAsync(sent);
        return socket;
    }
}
