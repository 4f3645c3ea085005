using System.Net;
using Movento.Contracts;
using Movento.Edge.Cache;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests;

public class HedgeTests
{
    private static readonly string Video = StorageKey.Rendition(Film.Asset, Film.Version, "v720");

    [Fact]
    public async Task MediaRead_ThatHangs_IsAskedForTwiceAndServedFromTheSecond()
    {
        // The share is what a test of a few dozen reads needs; that it is never passed, HedgeBudgetTests shows.
        await using var edge = await EdgeHost.StartAsync(options =>
        {
            options.HedgeShare = 0.5;
            options.OriginTimeout = TimeSpan.FromMinutes(2);
            options.OriginConcurrency = 2;
            options.CacheBytes = 4 << 20;
        });
        await AskAtRandomAsync(edge, 70);

        var asked = 0;
        var given = false;
        edge.Store.Before = (key, _, cancellationToken) =>
        {
            if (key != Video || Interlocked.Increment(ref asked) > 1) return Task.CompletedTask;
            var never = new TaskCompletionSource();
            cancellationToken.Register(() =>
            {
                given = true;
                never.SetCanceled(cancellationToken);
            });
            return never.Task;
        };
        var first = edge.Film.Video.Length - 1000;
        using var response = await edge.GetAsync("v720.mp4", "Range", $"bytes={first}-{first + 9}");
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(edge.Film.Video[first..(first + 10)], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(2, asked);
        await Eventually.TrueAsync(() => given, "the first read is given up");
        Assert.True(edge.Figures["movento.edge.origin.hedges/sent"] >= 1);
        Assert.True(edge.Figures["movento.edge.origin.hedges/won"] >= 1);
    }

    [Fact]
    public async Task MediaRead_WithoutAShare_IsAskedForOnce()
    {
        await using var edge = await EdgeHost.StartAsync(options =>
        {
            options.HedgeShare = 0;
            options.OriginConcurrency = 2;
            options.CacheBytes = 4 << 20;
        });
        await AskAtRandomAsync(edge, 70);
        Assert.Equal(0, edge.Figures["movento.edge.origin.hedges/sent"]);
    }

    // In a cache smaller than the film, block after block is read anew.
    private static async Task AskAtRandomAsync(EdgeHost edge, int reads)
    {
        var blocks = edge.Film.Video.Length / BlockCache.BlockSize - 1;
        for (var number = 0; edge.Store.ReadsOf(Video) < reads; number++)
        {
            var first = number % blocks * BlockCache.BlockSize;
            using var response = await edge.GetAsync("v720.mp4", "Range", $"bytes={first}-{first + 9}");
            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        }
    }
}
