#pragma warning disable CA5350 // tus names SHA-1 as the one algorithm that every server has.
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Movento.Contracts;
using Movento.Harness;
using Xunit.Abstractions;

namespace Movento.Ingest.Tests.Upload;

/// <summary>tus 1.0.0 on the file store, clause by clause.</summary>
public sealed class TusTests(UploadHost host, ITestOutputHelper output) : IClassFixture<UploadHost>
{
    private static readonly byte[] Film = RandomNumberGenerator.GetBytes(700_001);

    [Fact]
    public async Task Options_SayWhatTheServerCan()
    {
        using var nobody = new HttpClient { BaseAddress = host.Host.Address };
        using var response = await nobody.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/api/uploads"));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("1.0.0", UploadHost.Header(response, "Tus-Version"));
        Assert.Equal("50000000", UploadHost.Header(response, "Tus-Max-Size"));
        Assert.Equal("sha1,sha256,crc32", UploadHost.Header(response, "Tus-Checksum-Algorithm"));
        foreach (var extension in (string[])["creation", "creation-with-upload", "creation-defer-length", "expiration", "checksum", "checksum-trailer", "termination", "concatenation"])
            Assert.Contains(extension, UploadHost.Header(response, "Tus-Extension").Split(','));
        Assert.Contains("application/partial-upload", UploadHost.Header(response, "Accept-Patch"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_InPieces_IsReceivingWithProgress_ThenQueuedWhole()
    {
        var url = await host.CreateAsync(Film.Length, ("Upload-Metadata", UploadHost.Metadata(("filename", "Größe – 映画.mov"), ("title", "Ein Film"), ("filetype", "video/quicktime"))));
        using (var first = await host.PatchAsync(url, 0, Film[..350_000]))
        {
            Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
            Assert.Equal("350000", UploadHost.Header(first, "Upload-Offset"));
            Assert.True(DateTimeOffset.Parse(UploadHost.Header(first, "Upload-Expires"), System.Globalization.CultureInfo.InvariantCulture) > TimeProvider.System.GetUtcNow());
        }
        var asset = await host.Client.GetFromJsonAsync<JsonElement>(url.Replace("uploads", "assets", StringComparison.Ordinal));
        Assert.Equal("receiving", asset.GetProperty("state").GetString());
        Assert.Equal("Ein Film", asset.GetProperty("title").GetString());
        Assert.Equal("Größe – 映画.mov", asset.GetProperty("fileName").GetString());
        Assert.Equal(0.5, asset.GetProperty("stages")[0].GetProperty("progress").GetDouble(), 2);

        using (var head = await host.SendAsync(UploadHost.Tus("HEAD", url, null)))
        {
            Assert.Equal("350000", UploadHost.Header(head, "Upload-Offset"));
            Assert.Equal("700001", UploadHost.Header(head, "Upload-Length"));
            Assert.Contains("filename ", UploadHost.Header(head, "Upload-Metadata"), StringComparison.Ordinal);
            Assert.Equal("no-store", UploadHost.Header(head, "Cache-Control"));
        }
        using (var last = await host.PatchAsync(url, 350_000, Film[350_000..]))
        {
            Assert.Equal(HttpStatusCode.NoContent, last.StatusCode);
            Assert.Equal("700001", UploadHost.Header(last, "Upload-Offset"));
        }
        await host.AssertQueuedAsync(url, Film);
        Assert.Equal(Film.Length, await host.OffsetAsync(url));
    }

    [Fact]
    public async Task Upload_BrokenOffAndResumedElsewhere_HasTheWholeHash()
    {
        var url = await host.CreateAsync(Film.Length);
        using (var socket = await host.BeginPatchAsync(host.Host, url, 0, Film.Length, Film[..200_000])) await StoredAsync(url, 200_000);

        // Another process knows nothing of the hash so far: it reads the whole again.
        await using var other = await host.StartAsync();
        using var client = other.Client(host.User);
        using var head = await client.SendAsync(UploadHost.Tus("HEAD", url, null));
        var offset = int.Parse(UploadHost.Header(head, "Upload-Offset"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(200_000, offset);
        using var rest = await client.SendAsync(UploadHost.Tus("PATCH", url, Film[offset..], ("Upload-Offset", UploadHost.Text(offset))));
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        await host.AssertQueuedAsync(url, Film);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeadClient_LosesItsHoldToWhoAsks_AndNothingIsTorn(bool elsewhere)
    {
        await using var other = elsewhere ? await host.StartAsync() : null;
        using var client = (other ?? host.Host).Client(host.User);
        // Who holds an upload has half a second to let go of it with all that it received; where the machine gives it less time, it is left with less, and
        // this is tried with another upload. Nothing else ends a hold (IngestHost waits for slow senders without end).
        await Eventually.TrueAsync(
            async () =>
            {
                var url = await host.CreateAsync(Film.Length);
                using (await client.SendAsync(UploadHost.Tus("HEAD", url, null))) { }
                using var dead = await host.BeginPatchAsync(host.Host, url, 0, Film.Length, Film[..300_000]);
                await StoredAsync(url, 300_000);

                var start = TimeProvider.System.GetTimestamp();
                using var head = await client.SendAsync(UploadHost.Tus("HEAD", url, null));
                output.WriteLine($"{TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0} ms"); // less than a second is promised
                var offset = int.Parse(UploadHost.Header(head, "Upload-Offset"), System.Globalization.CultureInfo.InvariantCulture);
                Assert.InRange(offset, 0, 300_000);

                // What the dead one still sends goes nowhere.
                try
                {
                    await dead.SendAsync(new byte[100_000]);
                }
                catch (System.Net.Sockets.SocketException)
                {
                }
                using var rest = await client.SendAsync(UploadHost.Tus("PATCH", url, Film[offset..], ("Upload-Offset", UploadHost.Text(offset))));
                Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
                await host.AssertQueuedAsync(url, Film);
                return offset == 300_000;
            },
            "the dead client's hold is let go with all that it had sent");
    }

    [Fact]
    public async Task HoldOfADeadProcess_IsTaken()
    {
        var url = await host.CreateAsync(5);
        await using (var connection = await host.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update uploads set holder = gen_random_uuid() where id = @id", new { id = AssetId.Parse(url[^32..]).Value });
        var start = TimeProvider.System.GetTimestamp();
        using var patch = await host.PatchAsync(url, 0, [1, 2, 3, 4, 5]);
        Assert.Equal(HttpStatusCode.NoContent, patch.StatusCode);
        output.WriteLine($"{TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0} ms"); // about a second, of a machine that has time
        await host.AssertQueuedAsync(url, [1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Creation_WithUpload_TakesTheFirstBytes()
    {
        using var response = await host.SendAsync(UploadHost.Tus("POST", "/api/uploads", Film[..1000], ("Upload-Length", "2000")));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("1000", UploadHost.Header(response, "Upload-Offset"));
        var url = response.Headers.Location!.ToString();
        using var rest = await host.PatchAsync(url, 1000, Film[1000..2000]);
        await host.AssertQueuedAsync(url, Film[..2000]);
    }

    [Fact]
    public async Task DeferredLength_IsSaidLater()
    {
        using var made = await host.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Defer-Length", "1")));
        var url = made.Headers.Location!.ToString();
        using (await host.PatchAsync(url, 0, Film[..1000]))
        using (var head = await host.SendAsync(UploadHost.Tus("HEAD", url, null)))
        {
            Assert.Equal("1", UploadHost.Header(head, "Upload-Defer-Length"));
            Assert.False(head.Headers.Contains("Upload-Length"));
        }
        using var rest = await host.PatchAsync(url, 1000, Film[1000..1500], ("Upload-Length", "1500"));
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
        await host.AssertQueuedAsync(url, Film[..1500]);
    }

    [Theory]
    [InlineData("sha1")]
    [InlineData("sha256")]
    [InlineData("crc32")]
    public async Task Checksum_Wrong_DropsTheBytes_Right_KeepsThem(string algorithm)
    {
        var bytes = Film[..10_000];
        var value = Convert.ToBase64String(algorithm switch
        {
            "sha1" => SHA1.HashData(bytes),
            "sha256" => SHA256.HashData(bytes),
            // zlib's crc32, high byte first.
            _ => ReferenceCrc32(bytes),
        });
        var url = await host.CreateAsync(bytes.Length);
        using (var wrong = await host.PatchAsync(url, 0, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)], ("Upload-Checksum", $"{algorithm} {value}")))
            await UploadHost.AssertProblemAsync(wrong, 460, "checksum_mismatch");
        Assert.Equal(0, await host.OffsetAsync(url));
        using (var right = await host.PatchAsync(url, 0, bytes, ("Upload-Checksum", $"{algorithm} {value}"))) Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        await host.AssertQueuedAsync(url, bytes);
    }

    [Fact]
    public async Task Checksum_InATrailer_IsHeldAgainstTheBody()
    {
        var url = await host.CreateAsync(6);
        Assert.StartsWith("HTTP/1.1 460", await PatchWithTrailerAsync(url, "abcdef", "sha1 " + Convert.ToBase64String(SHA1.HashData("abcdeX"u8))), StringComparison.Ordinal);
        Assert.Equal(0, await host.OffsetAsync(url));
        Assert.StartsWith("HTTP/1.1 204", await PatchWithTrailerAsync(url, "abcdef", "sha1 " + Convert.ToBase64String(SHA1.HashData("abcdef"u8))), StringComparison.Ordinal);
        await host.AssertQueuedAsync(url, "abcdef"u8.ToArray());
    }

    [Fact]
    public async Task UnknownChecksum_IsRefusedByName()
    {
        var url = await host.CreateAsync(6);
        using var response = await host.PatchAsync(url, 0, [1], ("Upload-Checksum", "md4 AAAA"));
        await UploadHost.AssertProblemAsync(response, 400, "unknown_checksum");
    }

    [Fact]
    public async Task Concatenation_OfParts_IsOneFilm()
    {
        var first = await host.CreateAsync(300_000, ("Upload-Concat", "partial"));
        var second = await host.CreateAsync(Film.Length - 300_000, ("Upload-Concat", "partial"));
        using (await host.PatchAsync(second, 0, Film[300_000..])) { }
        using (var early = await JoinAsync(first, second)) await UploadHost.AssertProblemAsync(early, 400, "parts_unfinished");
        using (await host.PatchAsync(first, 0, Film[..300_000])) { }
        using (var part = await host.SendAsync(UploadHost.Tus("HEAD", first, null))) Assert.Equal("partial", UploadHost.Header(part, "Upload-Concat"));

        using var joined = await JoinAsync(first, $"{host.Host.Address.AbsoluteUri.TrimEnd('/')}{second}");
        Assert.Equal(HttpStatusCode.Created, joined.StatusCode);
        var url = joined.Headers.Location!.ToString();
        await host.AssertQueuedAsync(url, Film);
        using var head = await host.SendAsync(UploadHost.Tus("HEAD", url, null));
        Assert.Equal($"final;{first} {second}", UploadHost.Header(head, "Upload-Concat"));
        using var patch = await host.PatchAsync(url, Film.Length, [1]);
        Assert.Equal(HttpStatusCode.Forbidden, patch.StatusCode);

        // A client that did not hear the answer asks again, and does not get a second film.
        using var again = await JoinAsync(first, second);
        Assert.Equal(url, again.Headers.Location!.ToString());

        Task<HttpResponseMessage> JoinAsync(params string[] parts) =>
            host.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Concat", $"final;{string.Join(' ', parts)}")));
    }

    [Fact]
    public async Task Termination_LeavesNothing()
    {
        var url = await host.CreateAsync(Film.Length);
        using (await host.PatchAsync(url, 0, Film[..1000])) { }
        using var delete = await host.SendAsync(UploadHost.Tus("DELETE", url, null));
        Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);
        using var head = await host.SendAsync(UploadHost.Tus("HEAD", url, null));
        Assert.Equal(HttpStatusCode.Gone, head.StatusCode);
        using var asset = await host.Client.GetAsync(url.Replace("uploads", "assets", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, asset.StatusCode);
        Assert.Empty(Directory.GetFiles(host.Staged, $"*{url[^32..]}"));
    }

    [Fact]
    public async Task AssetDeleted_WhileItIsReceived_LeavesNothing()
    {
        var url = await host.CreateAsync(Film.Length);
        using var socket = await host.BeginPatchAsync(host.Host, url, 0, Film.Length, Film[..100_000]);
        await StoredAsync(url, 100_000);
        using var delete = await host.Client.DeleteAsync(url.Replace("uploads", "assets", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);
        Assert.Empty(Directory.GetFiles(host.Staged, $"*{url[^32..]}"));
        using var patch = await host.PatchAsync(url, 0, Film);
        await UploadHost.AssertProblemAsync(patch, 410, "upload_gone");
    }

    [Fact]
    public async Task Expired_IsSweptAway()
    {
        var url = await host.CreateAsync(Film.Length);
        using (await host.PatchAsync(url, 0, Film[..1000])) { }
        await using var connection = await host.Database.OpenConnectionAsync();
        var id = AssetId.Parse(url[^32..]).Value;
        await connection.ExecuteAsync("update uploads set expires_at = now() - interval '1 second' where id = @id", new { id });
        await using var sweeping = await host.StartAsync();
        await Eventually.TrueAsync(
            async () => await connection.ExecuteScalarAsync<long>("select (select count(*) from uploads where id = @id) + (select count(*) from assets where id = @id)", new { id }) == 0,
            "it is swept away");
        Assert.Empty(Directory.GetFiles(host.Staged, $"*{url[^32..]}"));
    }

    [Fact]
    public async Task Finishing_OfAKilledProcess_IsDoneByTheNext()
    {
        // As a process leaves it that was killed after the last byte was acknowledged, before its object was made.
        var url = await host.CreateAsync(Film.Length);
        using (await host.PatchAsync(url, 0, Film[..^1])) { }
        var path = Directory.GetFiles(host.Staged, $"*{url[^32..]}").Single();
        await File.AppendAllBytesAsync(path, Film[^1..]);
        await using (var connection = await host.Database.OpenConnectionAsync())
            await connection.ExecuteAsync("update uploads set received = length, state = 'finishing' where id = @id", new { id = AssetId.Parse(url[^32..]).Value });
        await using var restarted = await host.StartAsync();
        await Eventually.TrueAsync(
            async () => (await host.Client.GetFromJsonAsync<JsonElement>(url.Replace("uploads", "assets", StringComparison.Ordinal))).GetProperty("state").GetString() == "queued",
            "it is queued");
        var stored = new byte[Film.Length];
        Assert.Equal(Film.Length, await host.Store.ReadAsync(StorageKey.Upload(AssetId.Parse(url[^32..])), 0, stored, default));
        Assert.True(Film.AsSpan().SequenceEqual(stored));
    }

    [Fact]
    public async Task WholeDigest_Wrong_IsNamedAndLeavesNothing()
    {
        var url = await host.CreateAsync(1000, ("Upload-Metadata", UploadHost.Metadata(("sha256", new string('0', 64)))));
        using (var patch = await host.PatchAsync(url, 0, Film[..1000])) await UploadHost.AssertProblemAsync(patch, 422, "digest_mismatch");
        using var again = await host.PatchAsync(url, 0, Film[..1000]);
        await UploadHost.AssertProblemAsync(again, 410, "digest_mismatch");
        Assert.Null(await host.Store.HeadAsync(StorageKey.Upload(AssetId.Parse(url[^32..])), default));

        var right = await host.CreateAsync(1000, ("Upload-Metadata", UploadHost.Metadata(("sha256", Convert.ToHexString(SHA256.HashData(Film[..1000]))))));
        using (await host.PatchAsync(right, 0, Film[..1000])) { }
        await host.AssertQueuedAsync(right, Film[..1000]);
    }

    [Fact]
    public async Task IdempotencyKey_GivesTheSameUpload_AndNoOther()
    {
        var url = await host.CreateAsync(5, ("Idempotency-Key", "abc"));
        Assert.Equal(url, await host.CreateAsync(5, ("Idempotency-Key", "\"abc\"")));
        using (var other = await host.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "6"), ("Idempotency-Key", "abc"))))
            await UploadHost.AssertProblemAsync(other, 422, "idempotency_key_reused");
        using (await host.PatchAsync(url, 0, [1, 2, 3, 4, 5])) { }
        Assert.Equal(url, await host.CreateAsync(5, ("Idempotency-Key", "abc")));

        using var first = Plain("plain");
        var receipt = await (await host.SendAsync(first)).Content.ReadAsStringAsync();
        using var second = Plain("plain");
        Assert.Equal(receipt, await (await host.SendAsync(second)).Content.ReadAsStringAsync());

        HttpRequestMessage Plain(string key)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/uploads?fileName=x.mp4") { Content = new ByteArrayContent([1, 2]) };
            request.Headers.Add("Idempotency-Key", key);
            return request;
        }
    }

    [Fact]
    public async Task Team_PastItsQuota_IsRefusedByName()
    {
        await using var strict = await host.StartAsync(options =>
        {
            options.MaxTeamBytes = 10_000;
            options.MaxTeamUploads = 3;
        });
        using var client = strict.Client(Guid.NewGuid());
        using (var made = await client.SendAsync(UploadHost.Tus("POST", "/api/uploads", Film[..6000], ("Upload-Length", "6000")))) Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using (var over = await client.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "4001")))) await UploadHost.AssertProblemAsync(over, 413, "team_quota");
        using (var plain = await client.PostAsync("/api/uploads", new ByteArrayContent(Film[..4001]))) await UploadHost.AssertProblemAsync(plain, 413, "team_quota");

        using var deferred = await client.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Defer-Length", "1")));
        using (var over = await client.SendAsync(UploadHost.Tus("PATCH", deferred.Headers.Location!.ToString(), Film[..4001], ("Upload-Offset", "0"))))
            await UploadHost.AssertProblemAsync(over, 413, "team_quota");
        for (var i = 0; i < 2; i++)
            using (var made = await client.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "1")))) Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var fourth = await client.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "1")));
        await UploadHost.AssertProblemAsync(fourth, 429, "too_many_team_uploads");
    }

    [Fact]
    public async Task WrongRequests_AreRefusedByName()
    {
        var url = await host.CreateAsync(1000);
        await Refused(UploadHost.Tus("POST", "/api/uploads", null), 400, "invalid_header");
        await Refused(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "-1")), 400, "invalid_header");
        await Refused(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "1"), ("Upload-Defer-Length", "1")), 400, "invalid_header");
        await Refused(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "50000001")), 413, "too_large");
        await Refused(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "0")), 400, "empty");
        await Refused(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "1"), ("Upload-Metadata", "title !")), 400, "invalid_header");
        await Refused(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "1"), ("Upload-Metadata", UploadHost.Metadata(("title", "a\0b")))), 400, "invalid_title");
        await Refused(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "1"), ("Repr-Digest", "sha-256=:AAAA:")), 400, "invalid_header");
        await Refused(UploadHost.Tus("PATCH", url, [1]), 400, "invalid_header");
        await Refused(UploadHost.Tus("PATCH", url, [1], ("Upload-Offset", "7")), 409, "offset_mismatch");
        await Refused(UploadHost.Tus("PATCH", url, new byte[1001], ("Upload-Offset", "0")), 400, "length_mismatch");
        await Refused(UploadHost.Tus("PATCH", $"/api/uploads/{new string('0', 32)}", [1], ("Upload-Offset", "0")), 404, "not_found");
        var json = UploadHost.Tus("PATCH", url, [1], ("Upload-Offset", "0"));
        json.Content!.Headers.ContentType = new("application/json");
        await Refused(json, 415, "unsupported_media_type");
        var old = UploadHost.Tus("PATCH", url, [1], ("Upload-Offset", "0"));
        old.Headers.Remove("Tus-Resumable");
        old.Headers.Add("Tus-Resumable", "0.2.2");
        await Refused(old, 412, "unsupported_version");
        Assert.Equal(0, await host.OffsetAsync(url));

        using var stranger = host.Host.Client(Guid.NewGuid());
        using var theirs = await stranger.SendAsync(UploadHost.Tus("HEAD", url, null));
        Assert.Equal(HttpStatusCode.NotFound, theirs.StatusCode);
        using var overridden = await host.SendAsync(UploadHost.Tus("POST", url, [1], ("Upload-Offset", "0"), ("X-HTTP-Method-Override", "PATCH")));
        Assert.Equal(HttpStatusCode.NoContent, overridden.StatusCode);

        async Task Refused(HttpRequestMessage request, int status, string code)
        {
            using var response = await host.SendAsync(request);
            await UploadHost.AssertProblemAsync(response, status, code);
            Assert.Equal("1.0.0", UploadHost.Header(response, "Tus-Resumable"));
        }
    }

    // Until the server has written so much; what it has is not acknowledged yet.
    private Task StoredAsync(string url, long length) => Eventually.TrueAsync(
        () => Directory.GetFiles(host.Staged, $"*{url[^32..]}").Any(path => new FileInfo(path).Length == length), "the bytes are received");

    private async Task<string> PatchWithTrailerAsync(string url, string body, string checksum)
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, host.Host.Address.Port);
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(
            $"PATCH {url} HTTP/1.1\r\nHost: localhost\r\nAuthorization: test {host.User} editor\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n" +
            "Content-Type: application/offset+octet-stream\r\nTransfer-Encoding: chunked\r\nTrailer: Upload-Checksum\r\n\r\n" +
            $"{body.Length:x}\r\n{body}\r\n0\r\nUpload-Checksum: {checksum}\r\n\r\n"));
        var buffer = new byte[4096];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
    }

    private static byte[] ReferenceCrc32(byte[] bytes)
    {
        // Bit by bit, as RFC 1952 §8 defines it.
        var register = 0xFFFF_FFFFu;
        foreach (var value in bytes)
        {
            register ^= value;
            for (var bit = 0; bit < 8; bit++) register = (register >> 1) ^ ((register & 1) != 0 ? 0xEDB8_8320u : 0);
        }
        register = ~register;
        return [(byte)(register >> 24), (byte)(register >> 16), (byte)(register >> 8), (byte)register];
    }
}
