using System.Net;
using Movento.Contracts;
using Movento.Edge.Tests.Host;
using Movento.Harness;
using Movento.Storage;

namespace Movento.Edge.Tests;

public class OriginFailureTests
{
    private static readonly string Video = StorageKey.Rendition(Film.Asset, Film.Version, "v720");

    [Theory]
    [InlineData("master.m3u8")]
    [InlineData("v720.mp4")]
    [InlineData("poster.jpg")]
    public async Task TransientFault_Once_IsTriedAgainUnseen(string file)
    {
        await using var edge = await EdgeHost.StartAsync();
        var faults = 0;
        edge.Store.Before = (_, _, _) => Interlocked.Increment(ref faults) % 2 == 1
            ? throw new ObjectStoreException("connection lost", isTransient: true) : Task.CompletedTask;
        using var response = await edge.GetAsync(file, "Range", "bytes=0-99");
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
    }

    [Theory]
    [InlineData("master.m3u8")]
    [InlineData("v720.mp4")]
    [InlineData("poster.jpg")]
    public async Task Fault_BeforeTheHead_Is502AndForgottenAtOnce(string file)
    {
        await using var edge = await EdgeHost.StartAsync();
        foreach (var fault in new Exception[]
        {
            new ObjectStoreException("down", isTransient: true), new ObjectStoreException("denied", isTransient: false),
            new InvalidOperationException("a defect of the store"),
        })
        {
            edge.Store.Before = (_, _, _) => throw fault;
            using var failed = await edge.GetAsync(file);
            await AssertProblemAsync(failed, HttpStatusCode.BadGateway, "origin_unavailable");
        }

        // Counted after the last byte, so perhaps after the client has read it.
        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.OriginUnavailable) == 3, "every failure is counted");
        edge.Store.Before = null;
        using var response = await edge.GetAsync(file);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Fault_OfMediaBeforeTheHead_Is502AndForgottenAtOnce()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Store.Before = (key, _, _) => key == Video ? throw new ObjectStoreException("down", isTransient: true) : Task.CompletedTask;
        using (var failed = await edge.GetAsync("v720.mp4")) await AssertProblemAsync(failed, HttpStatusCode.BadGateway, "origin_unavailable");
        Assert.Equal(2, edge.Store.ReadsOf(Video));
        edge.Store.Before = null;
        using var response = await edge.GetAsync("v720.mp4");
        Assert.Equal(edge.Film.Video, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task NoAnswer_WithinTheTimeout_Is504()
    {
        await using var edge = await EdgeHost.StartAsync(options => options.OriginTimeout = TimeSpan.FromMilliseconds(200));
        edge.Store.Before = (key, _, cancellationToken) => key == Video ? Forever(cancellationToken) : Task.CompletedTask;
        using var response = await edge.GetAsync("v720.mp4");
        await AssertProblemAsync(response, HttpStatusCode.GatewayTimeout, "origin_timeout");
    }

    [Fact]
    public async Task NoTurn_WithinTheTimeout_Is503()
    {
        await using var edge = await EdgeHost.StartAsync(options =>
        {
            options.OriginTimeout = TimeSpan.FromMilliseconds(200);
            options.OriginConcurrency = 1;
        });
        using (await edge.SendAsync(HttpMethod.Head, edge.Path("v720.mp4"))) { }

        // A store that does not honour its time-out holds the only turn.
        var gate = new TaskCompletionSource();
        edge.Store.Before = (_, _, _) => gate.Task;
        var first = edge.GetAsync("v720.mp4", "Range", "bytes=0-9");
        await Eventually.TrueAsync(() => edge.Store.ReadsOf(Video) == 1, "the first holds the turn");
        using (var second = await edge.GetAsync("v720.mp4", "Range", "bytes=5000000-5000009"))
        {
            await AssertProblemAsync(second, HttpStatusCode.ServiceUnavailable, "overloaded");
            Assert.Equal("1", EdgeHost.Header(second, "Retry-After"));
        }

        // Its own time is over too, once the store comes back.
        gate.SetResult();
        using var late = await first;
        await AssertProblemAsync(late, HttpStatusCode.GatewayTimeout, "origin_timeout");
    }

    [Fact]
    public async Task Fault_AfterTheHead_CutsTheConnection()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Store.Before = (key, offset, _) =>
            key == Video && offset == 3 << 20 ? throw new ObjectStoreException("down", isTransient: false) : Task.CompletedTask;
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        await wire.SendAsync($"GET {edge.Path("v720.mp4")} HTTP/1.1\r\nHost: x\r\n\r\n");
        var all = await wire.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200", System.Text.Encoding.ASCII.GetString(all, 0, 12), StringComparison.Ordinal);
        Assert.True(all.Length < edge.Film.Video.Length, "the client must not take the part for the whole");
        await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.CutMidway) == 1, "the cut is counted");
    }

    [Fact]
    public async Task MediaFile_ShorterThanThePresentationSays_Is502()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Store.Shorten = (key, read) => key == Video ? read - 1 : read;
        using var response = await edge.GetAsync("v720.mp4", "Range", "bytes=0-9");
        await AssertProblemAsync(response, HttpStatusCode.BadGateway, "origin_corrupt");
    }

    [Fact]
    public async Task MediaFile_Missing_Is502NotMissing()
    {
        await using var edge = await EdgeHost.StartAsync();
        await edge.Store.DeleteAsync(Video, CancellationToken.None);
        using var response = await edge.GetAsync("v720.mp4");
        await AssertProblemAsync(response, HttpStatusCode.BadGateway, "origin_corrupt");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"renditions\":[]}")]
    public async Task Presentation_ThatIsNone_Is502(string json)
    {
        await using var edge = await EdgeHost.StartAsync();
        await edge.Store.PutAsync(
            StorageKey.Presentation(Film.Asset, 3), new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)), "application/json", CancellationToken.None);
        using var response = await edge.SendAsync(HttpMethod.Get, $"/{edge.Token()}/assets/{Film.Asset}/v3/master.m3u8");
        await AssertProblemAsync(response, HttpStatusCode.BadGateway, "origin_corrupt");
    }

    private static Task Forever(CancellationToken cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken);

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", EdgeHost.ContentType(response));
        Assert.Equal("no-store", EdgeHost.Header(response, "Cache-Control"));
        Assert.Equal("*", EdgeHost.Header(response, "Access-Control-Allow-Origin"));
        Assert.Null(EdgeHost.Header(response, "ETag"));
        Assert.Contains($"\"code\":\"{code}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
