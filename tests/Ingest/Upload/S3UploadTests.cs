using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Movento.Contracts;
using Movento.Servers;
using Movento.Storage;
using Movento.Storage.S3;

namespace Movento.Ingest.Tests.Upload;

/// <summary>A host whose store speaks the S3 protocol to a server of its own.</summary>
public sealed class S3UploadHost : UploadHost
{
    private readonly S3ServerFixture _server = new();
    private Task? _started;

    protected override async Task<IObjectStore> MakeStoreAsync()
    {
        await (_started ??= _server.InitializeAsync());
        return new S3ObjectStore(_server.Options);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }
}

/// <summary>Uploads where the store is S3: parts and tails of a multipart put, and direct ones.</summary>
public sealed class S3UploadTests(S3UploadHost host) : IClassFixture<S3UploadHost>
{
    private static readonly byte[] Film = RandomNumberGenerator.GetBytes(18_000_001);

    [Fact]
    public async Task Upload_InPiecesAndBrokenOff_IsWhole_AndNothingElseIsLeft()
    {
        // Pieces that are too small for a part, larger than one, and cut off by a newer request.
        var url = await host.CreateAsync(Film.Length);
        using (await host.PatchAsync(url, 0, Film[..1_000_000])) { }
        using (await host.PatchAsync(url, 1_000_000, Film[1_000_000..2_000_000])) { }
        Assert.Equal(2_000_000, await host.OffsetAsync(url));
        using (var dead = await host.BeginPatchAsync(host.Host, url, 2_000_000, Film.Length - 2_000_000, Film[2_000_000..13_000_000]))
        {
            var offset = await host.OffsetAsync(url);
            Assert.InRange(offset, 2_000_000, 13_000_000);
            using var rest = await host.PatchAsync(url, offset, Film[(int)offset..]);
            Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        }
        await host.AssertQueuedAsync(url, Film);
        await foreach (var left in host.Store.ListAsync("tails/", default)) Assert.Fail(left.Key);
    }

    [Fact]
    public async Task Upload_SmallerThanAPart_IsWhole()
    {
        var url = await host.CreateAsync(1000);
        using (await host.PatchAsync(url, 0, Film[..400])) { }
        using (await host.PatchAsync(url, 400, Film[400..1000])) { }
        await host.AssertQueuedAsync(url, Film[..1000]);
    }

    [Fact]
    public async Task Concatenation_OfParts_IsOneFilm()
    {
        var first = await host.CreateAsync(6_000_000, ("Upload-Concat", "partial"));
        var second = await host.CreateAsync(1000, ("Upload-Concat", "partial"));
        using (await host.PatchAsync(first, 0, Film[..6_000_000])) { }
        using (await host.PatchAsync(second, 0, Film[6_000_000..6_001_000])) { }
        using var joined = await host.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Concat", $"final;{first} {second}")));
        await host.AssertQueuedAsync(joined.Headers.Location!.ToString(), Film[..6_001_000]);
    }

    [Fact]
    public async Task DirectUpload_GoesToTheStore_AndIsHeldAgainstItsSizeAndDigest()
    {
        var upload = await BeginAsync(Convert.ToHexStringLower(SHA256.HashData(Film)));
        var parts = await SendPartsAsync(upload, Film);
        var id = upload.GetProperty("id").GetString()!;
        using var response = await host.Client.PostAsJsonAsync($"/api/uploads/direct/{id}/complete", new { parts });
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        var receipt = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Film)), receipt.GetProperty("sha256").GetString());
        await host.AssertQueuedAsync(id, Film);

        // A client that did not hear the answer asks again.
        using var again = await host.Client.PostAsJsonAsync($"/api/uploads/direct/{id}/complete", new { parts });
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task DirectUpload_OfOtherBytes_IsRefusedByName()
    {
        var upload = await BeginAsync(new string('0', 64));
        var parts = await SendPartsAsync(upload, Film);
        var id = upload.GetProperty("id").GetString()!;
        using (var response = await host.Client.PostAsJsonAsync($"/api/uploads/direct/{id}/complete", new { parts }))
            await UploadHost.AssertProblemAsync(response, 422, "digest_mismatch");
        Assert.Null(await host.Store.HeadAsync(StorageKey.Upload(AssetId.Parse(id)), default));

        var shorter = await BeginAsync(null);
        var few = await SendPartsAsync(shorter, Film[..^5]);
        using var refused = await host.Client.PostAsJsonAsync($"/api/uploads/direct/{shorter.GetProperty("id").GetString()}/complete", new { parts = few });
        await UploadHost.AssertProblemAsync(refused, 400, "parts_missing");
    }

    [Fact]
    public async Task DirectUpload_Cancelled_IsGone()
    {
        var upload = await BeginAsync(null);
        var id = upload.GetProperty("id").GetString()!;
        using var delete = await host.Client.DeleteAsync($"/api/uploads/direct/{id}");
        Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);
        using var get = await host.Client.GetAsync($"/api/uploads/direct/{id}");
        await UploadHost.AssertProblemAsync(get, 410, "upload_gone");
    }

    [Fact]
    public async Task DirectUpload_WithAPriority_IsOfAnAssetWithIt()
    {
        using var response = await host.Client.PostAsJsonAsync("/api/uploads/direct", new { fileName = "film.mp4", bytes = 8, priority = 1 });
        var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        Assert.Equal(1, (await host.Client.GetFromJsonAsync<JsonElement>($"/api/assets/{id}")).GetProperty("priority").GetInt32());
        using var refused = await host.Client.PostAsJsonAsync("/api/uploads/direct", new { fileName = "film.mp4", bytes = 8, priority = 2 });
        await UploadHost.AssertProblemAsync(refused, 400, "invalid_priority");
    }

    private async Task<JsonElement> BeginAsync(string? sha256)
    {
        using var response = await host.Client.PostAsJsonAsync("/api/uploads/direct", new { fileName = "film.mp4", bytes = Film.Length, sha256 });
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    // As any HTTP client that knows nothing of S3.
    private static async Task<List<object>> SendPartsAsync(JsonElement upload, byte[] bytes)
    {
        using var http = new HttpClient();
        var parts = new List<object>();
        var offset = 0;
        foreach (var part in upload.GetProperty("urls").EnumerateArray())
        {
            var length = Math.Min(part.GetProperty("bytes").GetInt32(), bytes.Length - offset);
            using var response = await http.PutAsync(part.GetProperty("url").GetString(), new ByteArrayContent(bytes, offset, length));
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
            parts.Add(new { number = part.GetProperty("number").GetInt32(), etag = response.Headers.ETag!.Tag });
            offset += length;
        }
        return parts;
    }
}
