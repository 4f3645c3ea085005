using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests.Connections;

/// <summary>HTTP/2 over TLS, as curl and nghttp see it, and as a client that keeps to no custom may use it.</summary>
public sealed partial class Http2Tests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _certificate = SelfSigned.Certificate();
    private EdgeHost _edge = null!;

    public async Task InitializeAsync() => _edge = await EdgeHost.StartAsync(certificate: _certificate);

    public async Task DisposeAsync()
    {
        await _edge.DisposeAsync();
        _certificate.Dispose();
        _folder.Dispose();
    }

    /// <summary>Requests as curl's options, and the status that must come of each.</summary>
    public static TheoryData<string, string, int> Requests => new()
    {
        { "v720.mp4", "", 200 },
        { "v720.mp4", "-r 1000000-1999999", 206 },
        { "v720.mp4", "-r -500", 206 },
        { "v720.mp4", "-r 5000000-", 206 },
        { "v720.mp4", "-r 0-0,10-19,-5", 206 },
        { "v720.mp4", "-r 999999999-", 416 },
        { "v720.mp4", "-r 5-2", 416 },
        { "v720.mp4", "-r 0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,16-16", 416 },
        { "v720.mp4", "-I", 200 },
        { "v720.mp4", "-I -r 0-1", 200 },
        { "nothing.mp4", "-I", 404 },
        { "poster.jpg", "-H If-None-Match:*", 304 },
        { "poster.jpg", "-I -H If-None-Match:*", 304 },
        { "poster.jpg", "-H If-None-Match:\"other\"", 200 },
        { "poster.jpg", "-H If-Match:\"other\"", 412 },
        { "poster.jpg", "-H If-Match:* -r 0-9", 206 },
        { "poster.jpg", "-H If-Range:\"other\" -r 0-9", 200 },
        { "master.m3u8", "", 200 },
        { "master.m3u8", "-r 0-6", 206 },
        { "master.m3u8?max-height=x", "", 400 },
        { "segments/v720/2.m4s", "", 200 },
        { "segments/v720/2.m4s", "-r 10-19", 206 },
        { "v720.mp4", "-X OPTIONS -H Origin:https://watch.example", 204 },
        { "v720.mp4", "-X DELETE", 405 },
        { "v720.mp4", "-d body", 405 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Curl_OverHttp2_HasTheAnswerOfHttp11(string file, string options, int status)
    {
        // Who asks first would hear of another tier.
        await AskAsync("--http2", file, options);
        var two = await AskAsync("--http2", file, options);
        var one = await AskAsync("--http1.1", file, options);
        Assert.Equal($"2 {status}", two.Status);
        Assert.Equal($"1.1 {status}", one.Status);
        Assert.Equal(one.Headers, two.Headers);
        Assert.Equal(one.Body, two.Body);
    }

    [Theory]
    [InlineData("", 403)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 403)]
    public async Task Curl_WithoutAGoodToken_IsRefused(string token, int status)
    {
        var answer = await CurlAsync("--http2", $"{(token.Length == 0 ? "" : "/" + token)}/assets/{Film.Asset}/v1/v720.mp4", "");
        Assert.Equal($"2 {status}", answer.Status);
    }

    [Fact]
    public async Task H2load_ManyStreamsOfManyConnections_AreAllAnswered()
    {
        var output = await Tool.OutputAsync(
            "h2load", "-n", "600", "-c", "6", "-m", "32", Url("segments/v720/1.m4s"), Url("segments/v720/3.m4s"), Url("master.m3u8"), Url("poster.jpg"), Url("nothing.mp4"));
        Assert.True(output.Contains("600 done, 480 succeeded, 120 failed, 0 errored, 0 timeout", StringComparison.Ordinal), output);
        Assert.True(output.Contains("480 2xx, 0 3xx, 120 4xx, 0 5xx", StringComparison.Ordinal), output);
    }

    [Theory]
    [InlineData("-w8", "-W8")] // a window of 255 bytes, of each stream and of all
    [InlineData("-w30", "-W30")]
    [InlineData("--no-dep", "--padding=200")]
    [InlineData("--header-table-size=0", "--encoder-header-table-size=0")]
    [InlineData("--max-concurrent-streams=1", "--hexdump")]
    public async Task Nghttp_OddSettings_GetEveryByte(string one, string other)
    {
        // Each of them five times, at once.
        var output = await Tool.RunAsync("nghttp", "-n", "-s", "-m", "5", "-H", "range: bytes=1000-21000", one, other, Url("poster.jpg"), Url("segments/v720/2.m4s"), Url("a0.mp4"));
        Assert.True(output.ExitCode == 0, output.Errors);
        var answers = StatisticsLine().Matches(output.Output);
        Assert.Equal(15, answers.Count);
        Assert.All(answers, answer => Assert.Equal("206", answer.Groups["status"].Value));
    }

    [Fact]
    public async Task Nghttp_MoreHeadersThanAreRead_IsTold()
    {
        var output = await Tool.RunAsync("nghttp", "-n", "-s", "--continuation", Url("poster.jpg"));
        Assert.True(output.ExitCode == 0, output.Errors);
        Assert.Equal("431", StatisticsLine().Match(output.Output).Groups["status"].Value);
    }

    [Fact]
    public async Task Streams_ThatAreResetAtOnce_HoldNothingUp()
    {
        await using var wire = await Http2Connection.OpenAsync(_edge.EndPoint, _certificate);
        var path = _edge.Path("v720.mp4");
        // Fewer than the server takes for an attack.
        for (var round = 0; round < 100; round++)
        {
            await wire.ResetAsync(await wire.GetAsync(path));
            if (round % 10 == 9) Assert.DoesNotContain(await wire.PingAsync(), frame => frame.Type == Http2Connection.GoAway);
        }

        var last = await wire.GetAsync(path, "range", "bytes=0-9");
        var frames = await ReadUntilEndAsync(wire, last);
        Assert.Equal(206, Http2Connection.StatusOf(frames[0]));
        Assert.Equal(_edge.Film.Video[..10], Body(frames));
        // None of them waits for anything any more.
        await Eventually.TrueAsync(
            () => _edge.Figures.Of(EdgeOutcome.ClientGone) + _edge.Figures.Of(EdgeOutcome.Whole) + _edge.Figures.Of(EdgeOutcome.Partial) == 101, "every request has ended");
    }

    [Fact]
    public async Task Streams_ResetWithoutEnd_CostTheClientItsConnection_AndNobodyElse()
    {
        await using var wire = await Http2Connection.OpenAsync(_edge.EndPoint, _certificate);
        var path = _edge.Path("v720.mp4");
        await wire.PingAsync();
        var ending = EndAsync(wire);
        for (var round = 0; round < 20_000 && !ending.IsCompleted; round++)
        {
            try
            {
                await wire.ResetAsync(await wire.GetAsync(path));
            }
            catch (IOException)
            {
                break;
            }
        }

        Assert.True(await ending, "the server takes any number of them");
        var other = await AskAsync("--http2", "v720.mp4", "-r 0-9");
        Assert.Equal("2 206", other.Status);
        Assert.Equal(0, _edge.Figures.Of(EdgeOutcome.CutMidway));
    }

    [Fact]
    public async Task Stream_WhoseWindowIsClosed_GetsNoByteMoreThanItAllows_AndHoldsUpNobody()
    {
        await using var wire = await Http2Connection.OpenAsync(_edge.EndPoint, _certificate, window: 0);
        var stalled = await wire.GetAsync(_edge.Path("v720.mp4"));
        var head = (await wire.ReadAsync())!;
        Assert.Equal(200, Http2Connection.StatusOf(head));
        Assert.Empty(Data(await wire.PingAsync()));

        // The window of one stream is not another's: a second one on the same connection gets all it asked for.
        var other = await wire.GetAsync(_edge.Path("poster.jpg"), "range", "bytes=0-999");
        await wire.AllowAsync(other, 1000);
        Assert.Equal(_edge.Film.Poster[..1000], Body(await ReadUntilEndAsync(wire, other)));

        // Byte by byte, and no more.
        var got = 0;
        foreach (var allowed in (int[])[1, 99, 4000])
        {
            await wire.AllowAsync(stalled, allowed);
            var until = got + allowed;
            while (got < until)
            {
                var frame = (await wire.ReadAsync())!;
                Assert.Equal((Http2Connection.Data, stalled), (frame.Type, frame.Stream));
                Assert.True(_edge.Film.Video.AsSpan(got, frame.Payload.Length).SequenceEqual(frame.Payload));
                got += frame.Payload.Length;
            }

            Assert.Equal(until, got);
            Assert.Empty(Data(await wire.PingAsync()));
        }

        await wire.ResetAsync(stalled);
        await Eventually.TrueAsync(() => _edge.Figures.Of(EdgeOutcome.ClientGone) == 1, "the stalled request has ended");
    }

    [Fact]
    public async Task Streams_ThatStall_LeaveTheCacheToOthers()
    {
        // Room for fifteen blocks, and twenty streams that stand still in a block of their own each.
        await using var edge = await EdgeHost.StartAsync(
            options =>
            {
                options.OriginConcurrency = 2;
                options.CacheBytes = 4 << 20;
            },
            _certificate);
        await using var wire = await Http2Connection.OpenAsync(edge.EndPoint, _certificate, window: 0);
        for (var number = 0; number < 20; number++)
        {
            var stream = await wire.GetAsync(edge.Path("v720.mp4"), "range", string.Create(CultureInfo.InvariantCulture, $"bytes={number * 300_000}-"));
            var head = (await wire.ReadAsync())!;
            Assert.Equal((stream, 206), (head.Stream, Http2Connection.StatusOf(head)));
        }

        using var whole = await edge.GetAsync("v720.mp4");
        Assert.Equal(edge.Film.Video, await whole.Content.ReadAsByteArrayAsync());
    }

    private static IEnumerable<Http2Connection.Frame> Data(IEnumerable<Http2Connection.Frame> frames) => frames.Where(frame => frame.Type == Http2Connection.Data);

    private static byte[] Body(IEnumerable<Http2Connection.Frame> frames) => [.. Data(frames).SelectMany(frame => frame.Payload)];

    /// <summary>Reads until the edge closes; whether it has said so before.</summary>
    private static async Task<bool> EndAsync(Http2Connection wire)
    {
        var isToldToGo = false;
        while (await wire.ReadAsync() is { } frame) isToldToGo |= frame.Type == Http2Connection.GoAway;
        return isToldToGo;
    }

    /// <summary>The frames of one stream up to its last; those of others are dropped.</summary>
    private static async Task<List<Http2Connection.Frame>> ReadUntilEndAsync(Http2Connection wire, int stream)
    {
        var frames = new List<Http2Connection.Frame>();
        while (await wire.ReadAsync() is { } frame)
        {
            Assert.NotEqual(Http2Connection.GoAway, frame.Type);
            if (frame.Stream != stream) continue;
            frames.Add(frame);
            if (frame.Type is Http2Connection.Data or Http2Connection.Headers && (frame.Flags & Http2Connection.EndStream) != 0) return frames;
        }

        throw new InvalidOperationException("The connection ended before the stream.");
    }

    private string Url(string file) => new Uri(_edge.Client.BaseAddress!, _edge.Path(file)).AbsoluteUri;

    private Task<CurlAnswer> AskAsync(string version, string file, string options) => CurlAsync(version, _edge.Path(file), options);

    private async Task<CurlAnswer> CurlAsync(string version, string path, string options)
    {
        var (body, head) = (_folder.Combine("body"), _folder.Combine("head"));
        await File.WriteAllBytesAsync(body, []);
        var status = await Tool.OutputAsync(
            "curl",
            [
                "-k", "-s", "-S", "-g", "--max-time", "30", version, "-o", body, "-D", head, "-w", "%{http_version} %{http_code}",
                .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), new Uri(_edge.Client.BaseAddress!, path).OriginalString,
            ]);
        var headers = (await File.ReadAllLinesAsync(head))[1..]
            .Select(line => line.Trim()).Where(line => line.Length > 0)
            .Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant() + line[line.IndexOf(':', StringComparison.Ordinal)..])
            .Where(line => !line.StartsWith("date:", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        // Of HEAD curl writes the head to the body's file.
        return new CurlAnswer(status, string.Join('\n', headers), options.Contains("-I", StringComparison.Ordinal) ? "" : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(body))));
    }

    // id, times, code, size, path.
    [GeneratedRegex(@"^ +\d+ .* (?<status>\d{3}) +\S+ /", RegexOptions.Multiline)]
    private static partial Regex StatisticsLine();

    private sealed record CurlAnswer(string Status, string Headers, string Body);
}
