using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Movento.Harness;

namespace Movento.Ingest.Tests.Upload;

/// <summary>draft-ietf-httpbis-resumable-upload on the file store.</summary>
public sealed class DraftTests(UploadHost host) : IClassFixture<UploadHost>
{
    private static readonly byte[] Film = RandomNumberGenerator.GetBytes(500_001);

    [Fact]
    public async Task Creation_WithTheWholeContent_IsAnsweredAsAPlainUpload_WithTheDigest()
    {
        using var response = await host.SendAsync(UploadHost.Draft("POST", "/api/uploads?fileName=film.mp4", Film, ("Upload-Complete", "?1")));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("?1", UploadHost.Header(response, "Upload-Complete"));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(Film))}:", UploadHost.Header(response, "Repr-Digest"));
        var receipt = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(Film.Length, receipt.GetProperty("bytes").GetInt64());
        await host.AssertQueuedAsync(receipt.GetProperty("assetId").GetString()!, Film);
    }

    [Fact]
    public async Task Upload_InParts_IsCompleteWhenTheClientSaysSo()
    {
        using var made = await host.SendAsync(UploadHost.Draft("POST", "/api/uploads", Film[..1000], ("Upload-Complete", "?0"), ("Content-Disposition", "inline; filename*=UTF-8''f%C3%BCr.mp4")));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Contains("max-size=50000000", UploadHost.Header(made, "Upload-Limit"), StringComparison.Ordinal);
        var url = made.Headers.Location!.ToString();
        using (var more = await AppendAsync(url, 1000, Film[1000..2000], "?0"))
        {
            Assert.Equal(HttpStatusCode.NoContent, more.StatusCode);
            Assert.Equal("?0", UploadHost.Header(more, "Upload-Complete"));
        }
        using (var head = await host.SendAsync(UploadHost.Draft("HEAD", url, null)))
        {
            Assert.Equal(HttpStatusCode.NoContent, head.StatusCode);
            Assert.Equal("2000", UploadHost.Header(head, "Upload-Offset"));
            Assert.Equal("?0", UploadHost.Header(head, "Upload-Complete"));
            Assert.False(head.Headers.Contains("Upload-Length"));
            Assert.Contains("max-age=", UploadHost.Header(head, "Upload-Limit"), StringComparison.Ordinal);
        }
        using (var last = await AppendAsync(url, 2000, Film[2000..], "?1"))
        {
            Assert.Equal(HttpStatusCode.Created, last.StatusCode);
            Assert.Equal("?1", UploadHost.Header(last, "Upload-Complete"));
        }
        await host.AssertQueuedAsync(url, Film);
        var asset = JsonDocument.Parse(await host.Client.GetStringAsync(url.Replace("uploads", "assets", StringComparison.Ordinal))).RootElement;
        Assert.Equal("für.mp4", asset.GetProperty("fileName").GetString());

        using (var head = await host.SendAsync(UploadHost.Draft("HEAD", url, null)))
        {
            Assert.Equal("?1", UploadHost.Header(head, "Upload-Complete"));
            Assert.Equal(UploadHost.Text(Film.Length), UploadHost.Header(head, "Upload-Length"));
        }
        using var completed = await AppendAsync(url, Film.Length, [], "?1");
        await AssertTypeAsync(completed, 400, "completed-upload");
    }

    [Fact]
    public async Task Append_AtAnotherOffset_IsAConflictWithBothOffsets()
    {
        using var made = await host.SendAsync(UploadHost.Draft("POST", "/api/uploads", Film[..1000], ("Upload-Complete", "?0")));
        using var response = await AppendAsync(made.Headers.Location!.ToString(), 7, [1], "?0");
        Assert.Equal("1000", UploadHost.Header(response, "Upload-Offset"));
        var problem = await AssertTypeAsync(response, 409, "mismatching-upload-offset");
        Assert.Equal(1000, problem.GetProperty("expected-offset").GetInt64());
        Assert.Equal(7, problem.GetProperty("provided-offset").GetInt64());
    }

    [Fact]
    public async Task Lengths_ThatDoNotAgree_AreRefused()
    {
        using (var first = await host.SendAsync(UploadHost.Draft("POST", "/api/uploads", Film[..10], ("Upload-Complete", "?1"), ("Upload-Length", "11"))))
            await AssertTypeAsync(first, 400, "inconsistent-upload-length");
        using var made = await host.SendAsync(UploadHost.Draft("POST", "/api/uploads", Film[..10], ("Upload-Complete", "?0"), ("Upload-Length", "20")));
        using (var longer = await AppendAsync(made.Headers.Location!.ToString(), 10, Film[..11], "?0")) await AssertTypeAsync(longer, 400, "inconsistent-upload-length");
        using (var shorter = await AppendAsync(made.Headers.Location!.ToString(), 10, Film[..9], "?1")) await AssertTypeAsync(shorter, 400, "inconsistent-upload-length");
        using var head = await host.SendAsync(UploadHost.Draft("HEAD", made.Headers.Location!.ToString(), null));
        Assert.Equal("10", UploadHost.Header(head, "Upload-Offset"));
    }

    [Fact]
    public async Task Digests_AreHeldAgainstContentAndWhole()
    {
        using var made = await host.SendAsync(UploadHost.Draft(
            "POST", "/api/uploads", null, ("Upload-Complete", "?0"), ("Upload-Length", "10"), ("Repr-Digest", Digest(Film[..10]))));
        var url = made.Headers.Location!.ToString();
        using (var wrong = await AppendAsync(url, 0, Film[..5], "?0", ("Content-Digest", Digest(Film[..6])))) await UploadHost.AssertProblemAsync(wrong, 460, "checksum_mismatch");
        using (var right = await AppendAsync(url, 0, Film[..5], "?0", ("Content-Digest", Digest(Film[..5])))) Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        using var last = await AppendAsync(url, 5, Film[..5], "?1");
        await UploadHost.AssertProblemAsync(last, 422, "digest_mismatch");
        Assert.Equal("?1", UploadHost.Header(last, "Upload-Complete"));
    }

    [Fact]
    public async Task Cancellation_DeactivatesTheUpload()
    {
        using var made = await host.SendAsync(UploadHost.Draft("POST", "/api/uploads", Film[..10], ("Upload-Complete", "?0")));
        var url = made.Headers.Location!.ToString();
        using var delete = await host.Client.DeleteAsync(url);
        Assert.Equal(HttpStatusCode.NoContent, delete.StatusCode);
        using var append = await AppendAsync(url, 10, [1], "?1");
        await UploadHost.AssertProblemAsync(append, 410, "upload_gone");
    }

    [Fact]
    public async Task Creation_OverHttp1_IsToldAtOnceWhereToResume_AndHowFarItIs()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, host.Host.Address.Port);
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /api/uploads/film.mp4 HTTP/1.1\r\nHost: localhost\r\nAuthorization: test {host.User} editor\r\nUpload-Complete: ?1\r\n" +
            $"Upload-Draft-Interop-Version: 6\r\nContent-Length: {Film.Length}\r\n\r\n"));

        // 1. Before a byte of the body is sent.
        Assert.Equal("HTTP/1.1 104 Upload Resumption Supported", await reader.ReadLineAsync());
        var fields = await FieldsAsync(reader);
        Assert.Equal("6", fields["Upload-Draft-Interop-Version"]);
        var location = fields["Location"];
        Assert.StartsWith("/api/uploads/", location, StringComparison.Ordinal);
        Assert.Contains("max-size=50000000", fields["Upload-Limit"], StringComparison.Ordinal);

        // 2. While the body comes, slowly: what is durable.
        await stream.WriteAsync(Film.AsMemory(0, 1000));
        var sent = 1000;
        var next = reader.ReadLineAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await stream.WriteAsync(Film.AsMemory(sent, 500));
                sent += 500;
                return next.IsCompleted;
            },
            "an interim response tells the offset");
        Assert.Equal("HTTP/1.1 104 Upload Resumption Supported", await next);
        fields = await FieldsAsync(reader);
        Assert.InRange(int.Parse(fields["Upload-Offset"], System.Globalization.CultureInfo.InvariantCulture), 1, sent);
        Assert.False(fields.ContainsKey("Location"));

        // 3. Broken off, and resumed where the interim response said.
        socket.Close(0);
        var url = location[^32..];
        using var head = await host.SendAsync(UploadHost.Draft("HEAD", $"/api/uploads/{url}", null));
        var offset = int.Parse(UploadHost.Header(head, "Upload-Offset"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(offset, 1, sent);
        using var rest = await AppendAsync($"/api/uploads/{url}", offset, Film[offset..], "?1");
        Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
        await host.AssertQueuedAsync(url, Film);
    }

    [Fact]
    public async Task Curl_SpeaksBothProtocols()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("film.mp4");
        await File.WriteAllBytesAsync(path, Film);
        string[] signedIn = ["-sS", "-H", $"Authorization: test {host.User} editor"];
        var api = $"{host.Host.Address.AbsoluteUri}api/uploads";

        // The draft: one request, whose interim response curl shows before the final one.
        var draft = await Tool.OutputAsync("curl", [.. signedIn, "-i", "-T", path, "-H", "Upload-Complete: ?1", $"{api}/"]);
        Assert.Contains("HTTP/1.1 104 Upload Resumption Supported", draft, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 201 Created", draft, StringComparison.Ordinal);
        await host.AssertQueuedAsync(JsonDocument.Parse(draft[draft.LastIndexOf('{')..]).RootElement.GetProperty("assetId").GetString()!, Film);

        // tus: a creation, and the bytes.
        string[] tus = [.. signedIn, "-H", "Tus-Resumable: 1.0.0"];
        var url = await Tool.OutputAsync("curl", [.. tus, "-X", "POST", "-H", $"Upload-Length: {Film.Length}", "-o", "/dev/null", "-w", "%header{location}", api]);
        var status = await Tool.OutputAsync(
            "curl", [.. tus, "-X", "PATCH", "-H", "Upload-Offset: 0", "-H", "Content-Type: application/offset+octet-stream", "--data-binary", $"@{path}", "-w", "%{http_code}",
                $"{host.Host.Address.AbsoluteUri.TrimEnd('/')}{url}"]);
        Assert.Equal("204", status);
        await host.AssertQueuedAsync(url, Film);
    }

    private Task<HttpResponseMessage> AppendAsync(string url, long offset, byte[] bytes, string complete, params (string Name, string Value)[] headers) =>
        host.SendAsync(UploadHost.Draft("PATCH", url, bytes, [("Upload-Offset", UploadHost.Text(offset)), ("Upload-Complete", complete), .. headers]));

    private static async Task<Dictionary<string, string>> FieldsAsync(StreamReader reader)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } line) fields.Add(line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]);
        return fields;
    }

    private static string Digest(byte[] bytes) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:";

    private static async Task<JsonElement> AssertTypeAsync(HttpResponseMessage response, int status, string type)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode}: {text}");
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal($"https://iana.org/assignments/http-problem-types#{type}", problem.GetProperty("type").GetString());
        return problem;
    }
}
