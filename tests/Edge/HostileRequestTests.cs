using System.Text;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

/// <summary>
/// Requests made to be read in two ways (RFC 9112 §11.2), or to break the reader. Each is followed on its connection by an honest one. What must
/// hold: a 4xx or 5xx that names the fault, never 500; the hidden request is never answered; and the honest one is answered right, or the
/// connection is closed before it.
/// </summary>
public class HostileRequestTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    private const string Hidden = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

    private static string Smuggling(string fields, string body) => $"POST / HTTP/1.1\r\nHost: x\r\n{fields}\r\n{body}";

    private static string Chunked(string fields) => Smuggling(fields, $"0\r\n\r\n{Hidden}");

    private static string With(string field) => $"GET / HTTP/1.1\r\nHost: x\r\n{field}\r\n\r\n";

    private static string Chunks(string body) => Smuggling("Transfer-Encoding: chunked\r\n", body);

    /// <summary>Every one is wrong: it must be refused, and the connection with it.</summary>
    public static TheoryData<string> Ambiguous => new(
        // Two lengths (RFC 9112 §6.3).
        Chunked("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
        Chunked("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
        Smuggling($"Content-Length: {Hidden.Length}\r\nContent-Length: 0\r\n", Hidden),
        Smuggling($"Content-Length: 0\r\nContent-Length: {Hidden.Length}\r\n", Hidden),
        Smuggling($"Content-Length: {Hidden.Length}, 0\r\n", Hidden),
        Smuggling("Content-Length: 0x10\r\n", Hidden),
        Smuggling("Content-Length: 1 0\r\n", Hidden),
        Smuggling("Content-Length: \r\n", Hidden),
        Smuggling("Content-Length: 99999999999999999999\r\n", Hidden),
        Smuggling("Content-Length: 9223372036854775807\r\n", Hidden),

        // Codings that are not, or not only, chunked (§6.1, §7).
        Chunked("Transfer-Encoding: xchunked\r\n"),
        Chunked("Transfer-Encoding: identity\r\n"),
        Chunked("Transfer-Encoding: chunked, identity\r\n"),
        Chunked("Transfer-Encoding: gzip\r\n"),
        Chunked("Transfer-Encoding: \"chunked\"\r\n"),
        Chunked("Transfer-Encoding: chunked;x=1\r\n"),
        Chunked("Transfer-Encoding:\u000bchunked\r\n"),
        Chunked("Transfer-Encoding : chunked\r\n"),
        Chunked(" Transfer-Encoding: chunked\r\n"),
        Chunked("X: y\r\n Transfer-Encoding: chunked\r\n"),
        Chunked("X: y\nTransfer-Encoding: chunked\r\n"),
        Chunked("X: y\rTransfer-Encoding: chunked\r\n"),
        Chunked("Transfer\0-Encoding: chunked\r\n"),
        Chunked("Transfer-Encoding\r\n: chunked\r\n"),

        // Chunks that two readers would cut in two ways (§7.1).
        Chunks($"FFFFFFFFFFFFFFFFF\r\n{Hidden}"),
        Chunks($"80000000\r\n{Hidden}"),
        Chunks($"-1\r\n{Hidden}"),
        Chunks($"0x5\r\nhello\r\n0\r\n\r\n{Hidden}"),
        Chunks($"5 5\r\nhello\r\n0\r\n\r\n{Hidden}"),
        Chunks($"5\nhello\r\n0\r\n\r\n{Hidden}"),
        Chunks($"5\r\nhelloXX0\r\n\r\n{Hidden}"),
        Chunks($"\r\n5\r\nhello\r\n0\r\n\r\n{Hidden}"),
        Chunks($"5;{new string('x', 70_000)}\r\nhello\r\n0\r\n\r\n{Hidden}"),

        // Lines and fields (§2.2, §5).
        "GET / HTTP/1.1\nHost: x\n\n",
        With("X: a\0b"),
        With("X: a\rb"),
        With("X: a\r\n b"),
        With("X : y"),
        With(": y"),
        With("X y"),
        With("\u00e9: y"),
        " GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
        "GET / x HTTP/1.1\r\nHost: x\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: x\r\n\r\n",
        "GET / HTTP/11\r\nHost: x\r\n\r\n",
        "GET / http/1.1\r\nHost: x\r\n\r\n",
        "GET /\r\n\r\n",
        "GET x HTTP/1.1\r\nHost: x\r\n\r\n",

        // Host (RFC 9112 §3.2).
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: y@x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x, y\r\n\r\n",
        "GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n",

        // Bounds.
        $"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
        With($"X: {new string('a', 17_000)}"),
        With($"{new string('a', 17_000)}: x"),
        With(string.Join("\r\n", Enumerable.Range(0, 65).Select(number => $"X{number}: y"))));

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task Request_ThatCanBeReadInTwoWays_IsRefusedAndItsConnectionClosed(string request)
    {
        var answers = await ExchangeAsync(request + Honest("0-3"));
        var answer = Assert.Single(answers);
        Assert.True(answer.Status is >= 400 and < 500 or 501 or 505, answer.Head);
        Assert.DoesNotContain("healthy", Encoding.Latin1.GetString(answer.Body), StringComparison.Ordinal);
    }

    /// <summary>Unusual, but right: the body is read, however it looks, and what follows it is a request.</summary>
    public static TheoryData<string, int> Sound => new()
    {
        { Smuggling($"Content-Length: {Hidden.Length}\r\n", Hidden), 404 },
        { $"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: {Hidden.Length}\r\n\r\n{Hidden}", 404 },
        { Chunks($"{Hidden.Length:x}\r\n{Hidden}\r\n0\r\n\r\n"), 404 },
        { Chunks($"{Hidden.Length:X};a=b\r\n{Hidden}\r\n0\r\nX: trailer\r\n\r\n"), 404 },
        { Chunks("000000\r\n\r\n"), 404 },
        { Smuggling("Transfer-Encoding:\tCHUNKED \r\n", "0\r\n\r\n"), 404 },
        // Kestrel reads over a sign, and over brackets in a field's name: wrong, but in one way only.
        { Smuggling("Content-Length: -0\r\n", ""), 404 },
        { Smuggling($"Content-Length: +{Hidden.Length}\r\n", Hidden), 404 },
        { With("X(y: z"), 404 },
        { "GET /\tx HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { "GET / HTTP/1.1\r\nHost: x:99999999\r\n\r\n", 404 },
        { With("X:"), 404 },
        { With("X: \t y \t"), 404 },
        { "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 404 },
        { "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { With("Expect: 100-continue"), 404 },
        { With("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__"), 404 },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public async Task Request_ThatIsUnusual_IsAnsweredAndTheNextOneToo(string request, int status)
    {
        var answers = await ExchangeAsync(request + Honest("0-3"));
        Assert.Equal([status, 206], answers.Select(answer => answer.Status));
        Assert.Equal(shared.Host.Film.Audio[..4], answers[1].Body);
    }

    [Fact]
    public async Task Requests_OfWhichOneIsWrong_AreAnsweredUpToIt()
    {
        var answers = await ExchangeAsync(Honest("0-3", isLast: false) + Honest("4-9", isLast: false) + "GET / HTTP/1.1\r\nX: no host\r\n\r\n" + Honest("10-19"));
        Assert.Equal([206, 206, 400], answers.Select(answer => answer.Status));
        Assert.Equal(shared.Host.Film.Audio[4..10], answers[1].Body);
    }

    [Fact]
    public async Task Request_OneByteAtATime_IsAnswered()
    {
        await using var wire = await RawConnection.OpenAsync(shared.Host.EndPoint);
        foreach (var letter in Honest("0-3")) await wire.SendAsync(letter.ToString());
        Assert.Equal(shared.Host.Film.Audio[..4], Assert.Single(WireAnswer.ReadAll(await wire.ReadToEndAsync())).Body);
    }

    [Fact]
    public async Task Client_ClosingAnywhereInItsRequest_LeavesNothingBehind()
    {
        var request = Smuggling("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n");
        await Parallel.ForAsync(1, request.Length, async (length, _) =>
        {
            await using var wire = await RawConnection.OpenAsync(shared.Host.EndPoint);
            await wire.SendAsync(request[..length]);
            wire.CloseSending();
            foreach (var answer in WireAnswer.ReadAll(await wire.ReadToEndAsync())) Assert.InRange(answer.Status, 400, 499);
        });
        Assert.Equal(206, Assert.Single(await ExchangeAsync(Honest("0-3"))).Status);
    }

    [Fact]
    public async Task Expectation_BeforeABody_IsAnsweredWithoutWaitingForIt()
    {
        await using var wire = await RawConnection.OpenAsync(shared.Host.EndPoint);
        await wire.SendAsync(Smuggling("Expect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n", ""));
        Assert.Equal(404, Assert.Single(WireAnswer.ReadAll(await wire.ReadToEndAsync())).Status);
    }

    [Fact]
    public async Task Version10_WithoutHost_IsAnsweredAndClosed()
    {
        var answers = await ExchangeAsync($"GET {shared.Host.Path("a0.mp4")} HTTP/1.0\r\nRange: bytes=0-3\r\n\r\n" + Honest("4-9"));
        Assert.Equal(shared.Host.Film.Audio[..4], Assert.Single(answers).Body);
    }

    // The last of its connection, so that a server that read it right closes by itself.
    private string Honest(string range, bool isLast = true) =>
        $"GET {shared.Host.Path("a0.mp4")} HTTP/1.1\r\nHost: x\r\nRange: bytes={range}\r\n{(isLast ? "Connection: close\r\n" : "")}\r\n";

    private async Task<IReadOnlyList<WireAnswer>> ExchangeAsync(string text)
    {
        await using var wire = await RawConnection.OpenAsync(shared.Host.EndPoint);
        await wire.SendAsync(text);
        return WireAnswer.ReadAll(await wire.ReadToEndAsync());
    }
}
