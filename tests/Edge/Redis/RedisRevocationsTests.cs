using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Redis;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests.Redis;

/// <summary>Two edges and a real Redis between them.</summary>
public class RedisRevocationsTests
{
    [Fact]
    public async Task Revoke_AtOneEdge_ClosesTheOtherAndThoseThatStartLater()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await StartAsync(redis);
        await using var there = await StartAsync(redis);
        var session = Guid.NewGuid();
        var path = Path(there, session);
        await there.RepeatUntilAsync(HttpStatusCode.OK, path);
        await Eventually.TrueAsync(async () => await redis.AskAsync("PUBSUB", "NUMSUB", RedisRevocations.Name) == $"{RedisRevocations.Name}\n2", "both listen");

        await Revocations(here).RevokeAsync(new PlaybackRevoked(session, here.Clock.GetUtcNow().AddHours(1)), CancellationToken.None);

        // By the message: the set, which would tell it too within 15 seconds, is out of the way.
        await redis.AskAsync("RENAME", RedisRevocations.Name, "aside");
        await Eventually.TrueAsync(() => Revoked(there).Contains(session), "the other edge knows");
        await redis.AskAsync("RENAME", "aside", RedisRevocations.Name);
        using var closed = await there.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);
        using var other = await there.SendAsync(HttpMethod.Get, Path(there, Guid.NewGuid()));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        await using var later = await StartAsync(redis);
        await later.RepeatUntilAsync(HttpStatusCode.Forbidden, Path(later, session));
    }

    [Fact]
    public async Task Revoke_WithoutRedis_IsKnownHereAndSaysThatOthersAreNotTold()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var edge = await StartAsync(redis);
        await redis.KillAsync();
        var session = Guid.NewGuid();
        await Assert.ThrowsAsync<TimeoutException>(() => Revocations(edge).RevokeAsync(
            new PlaybackRevoked(session, edge.Clock.GetUtcNow().AddHours(1)), CancellationToken.None));
        using var closed = await edge.SendAsync(HttpMethod.Get, Path(edge, session));
        Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);
        using var open = await edge.SendAsync(HttpMethod.Get, Path(edge, Guid.NewGuid()));
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    [Fact]
    public async Task Redis_BackAfterALoss_IsReadAgain()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var edge = await StartAsync(redis);
        await Eventually.TrueAsync(async () => await redis.AskAsync("PUBSUB", "NUMSUB", RedisRevocations.Name) == $"{RedisRevocations.Name}\n1", "it listens");
        await redis.KillAsync();
        await redis.RunAsync();

        // Without a message: only who reads the set again finds it.
        var session = Guid.NewGuid();
        var until = edge.Clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        await redis.AskAsync("ZADD", RedisRevocations.Name, until, session.ToString("N"));
        await Eventually.TrueAsync(() => Revoked(edge).Contains(session), "the edge has read it");
    }

    [Fact]
    public async Task Message_ThatIsNotOurs_ChangesNothing()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var edge = await StartAsync(redis);
        await Eventually.TrueAsync(async () => await redis.AskAsync("PUBSUB", "NUMSUB", RedisRevocations.Name) == $"{RedisRevocations.Name}\n1", "it listens");
        var session = Guid.NewGuid().ToString("N");
        foreach (var text in new[] { "", " ", "x", session, $"{session} ", $"{session} -1", $"{session} 99999999999999999999", $"{session} 1", $"x {int.MaxValue}", $"{session} 4000000000 x" })
            await redis.AskAsync("PUBLISH", RedisRevocations.Name, text);
        var good = Guid.NewGuid();
        await redis.AskAsync("PUBLISH", RedisRevocations.Name, $"{good:N} 4000000000");
        await Eventually.TrueAsync(() => Revoked(edge).Contains(good), "the good one is known");
        Assert.Equal(1, Revoked(edge).Count);
    }

    private static Task<EdgeHost> StartAsync(RedisServer redis) => EdgeHost.StartAsync(options =>
    {
        options.Redis.Configuration = redis.Configuration;
        options.Redis.CacheMedia = false;
    });

    private static IPlaybackRevocations Revocations(EdgeHost edge) => edge.Services.GetRequiredService<IPlaybackRevocations>();

    private static RevokedSessions Revoked(EdgeHost edge) => edge.Services.GetRequiredService<RevokedSessions>();

    private static string Path(EdgeHost edge, Guid session) =>
        $"/{edge.Sign(edge.Claims() with { Session = session })}/assets/{Film.Asset}/v1/master.m3u8";
}
