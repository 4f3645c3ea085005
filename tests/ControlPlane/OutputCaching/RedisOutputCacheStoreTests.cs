using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Movento.ControlPlane.OutputCaching;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.OutputCaching;

/// <summary>The store alone, over a real Redis.</summary>
public sealed class RedisOutputCacheStoreTests : IAsyncLifetime
{
    private const string Bytes = "{movento:answers:1}:bytes";

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly List<RedisOutputCacheStore> _stores = [];
    private RedisServer? _redis;

    private RedisServer Redis => _redis!;

    [Fact]
    public async Task Set_ThenGet_GivesTheSameBytesToEveryProcess()
    {
        var (here, there) = (await StoreAsync(), await StoreAsync());
        byte[] answer = [.. Enumerable.Range(0, 1000).Select(number => (byte)number)];
        await here.SetAsync("a key \0 of any \u2028 characters " + new string('x', 10_000), answer, ["tag"], Long, CancellationToken.None);
        Assert.Equal(answer, await there.GetAsync("a key \0 of any \u2028 characters " + new string('x', 10_000), CancellationToken.None));
        Assert.Null(await there.GetAsync("another", CancellationToken.None));
    }

    [Fact]
    public async Task Set_MoreThanFits_MakesRoomByWhatExpiresFirst()
    {
        var store = await StoreAsync(options => (options.MaxAnswerBytes, options.MaxBytes) = (4096, 10 * 4096));
        for (var number = 0; number < 50; number++)
            await store.SetAsync($"{number}", new byte[3000], null, Long + TimeSpan.FromSeconds(number), CancellationToken.None);

        var kept = new List<int>();
        for (var number = 0; number < 50; number++)
        {
            if (await store.GetAsync($"{number}", CancellationToken.None) is not null) kept.Add(number);
        }

        Assert.Equal(Enumerable.Range(50 - kept.Count, kept.Count), kept);
        Assert.InRange(kept.Count, 9, 13);
        Assert.InRange(await CountedAsync(), kept.Count * 3000, 10 * 4096);
        // In Redis lie those, what is counted of them and the index; nothing else.
        Assert.Equal($"{kept.Count + 2}", await Redis.AskAsync("DBSIZE"));
    }

    [Fact]
    public async Task Set_LargerThanAnAnswerMayBe_IsNotKept()
    {
        var store = await StoreAsync(options => options.MaxAnswerBytes = 4096);
        await store.SetAsync("large", new byte[4097], null, Long, CancellationToken.None);
        await store.SetAsync("largest", new byte[4096], null, Long, CancellationToken.None);
        Assert.Null(await store.GetAsync("large", CancellationToken.None));
        Assert.NotNull(await store.GetAsync("largest", CancellationToken.None));
    }

    [Fact]
    public async Task Set_TheSameAgain_IsCountedOnce_AndWhatHasExpiredNotAtAll()
    {
        var store = await StoreAsync();
        await store.SetAsync("short", new byte[1000], null, TimeSpan.FromMilliseconds(1), CancellationToken.None);
        await store.SetAsync("a", new byte[1000], null, Long, CancellationToken.None);
        var once = await CountedAsync();
        await store.SetAsync("a", new byte[1000], null, Long, CancellationToken.None);
        await Eventually.TrueAsync(
            async () =>
            {
                await store.SetAsync("a", new byte[1000], null, Long, CancellationToken.None);
                return await CountedAsync() is > 1000 and < 2000;
            },
            "only one is counted");
        Assert.InRange(once, 1000, 4000);
    }

    [Fact]
    public async Task Redis_ThatHasForgottenPartOfIt_IsCountedAnew()
    {
        var store = await StoreAsync(options => (options.MaxAnswerBytes, options.MaxBytes) = (4096, 10 * 4096));
        foreach (var lost in new[] { Bytes, "{movento:answers:1}:index" })
        {
            for (var number = 0; number < 20; number++) await store.SetAsync($"{number}", new byte[3000], null, Long, CancellationToken.None);
            Assert.Equal("1", await Redis.AskAsync("DEL", lost));
            await store.SetAsync("last", new byte[3000], null, Long, CancellationToken.None);
            Assert.NotNull(await store.GetAsync("last", CancellationToken.None));
            Assert.InRange(await CountedAsync(), 3000, 4000);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("of eight and more, and nothing that we have written")]
    public async Task Get_WhatOthersWroteThere_IsNothing(string value)
    {
        var store = await StoreAsync();
        await store.SetAsync("a", new byte[100], null, Long, CancellationToken.None);
        var key = await Redis.AskAsync("--raw", "KEYS", "*:answer:*");
        Assert.Equal("OK", await Redis.AskAsync("SET", key, value));
        Assert.Null(await store.GetAsync("a", CancellationToken.None));
    }

    [Fact]
    public async Task Generation_IsTheSameEverywhere_UntilAChange()
    {
        var (here, there) = (await StoreAsync(), await StoreAsync());
        var first = await here.CurrentAsync("a");
        Assert.Equal(first, await there.CurrentAsync("a"));
        Assert.NotEqual(first, await there.CurrentAsync("b"));

        await here.EvictByTagAsync("a", CancellationToken.None);
        var second = await there.CurrentAsync("a");
        Assert.NotEqual(first, second);
        Assert.Equal(second, await here.CurrentAsync("a"));

        // Were it the first again, what was made before the change would be given again.
        Assert.Equal("1", await Redis.AskAsync("DEL", "{movento:answers:1}:generation:a"));
        var third = await there.CurrentAsync("a");
        Assert.DoesNotContain(third, (string?[])[first, second, null]);
        Assert.Equal(third, await here.CurrentAsync("a"));
    }

    [Fact]
    public async Task Change_ThatCouldNotBeTold_IsToldBeforeThisProcessGivesAnythingAgain()
    {
        var (here, there) = (await StoreAsync(options => options.Timeout = TimeSpan.FromSeconds(2)), await StoreAsync());
        var before = await here.CurrentAsync("a");

        // It reads, but writes nothing.
        await Redis.AskAsync("CLIENT", "PAUSE", "100000", "WRITE");
        await here.ChangedAsync("a");
        Assert.Null(await here.CurrentAsync("a"));
        Assert.Equal(before, await there.CurrentAsync("a"));

        await Redis.AskAsync("CLIENT", "UNPAUSE");
        var after = await Eventually.GetAsync(async () => await here.CurrentAsync("a"), "this process has told it");
        Assert.NotEqual(before, after);
        Assert.NotEqual(before, await there.CurrentAsync("a"));
    }

    [Fact]
    public async Task Redis_ThatIsNotThere_CostsNothingButTheCache()
    {
        var store = await StoreAsync();
        await Redis.KillAsync();
        await Eventually.TrueAsync(async () => await store.CurrentAsync("a") is null, "the loss is noticed");
        await store.SetAsync("a", new byte[10], ["a"], Long, CancellationToken.None);
        Assert.Null(await store.GetAsync("a", CancellationToken.None));
        await store.ChangedAsync("a");
    }

    [Theory]
    [InlineData("redis:6379,nonsense=1")]
    [InlineData(",")]
    [InlineData("redis:x:y")]
    public void Validate_WhatNamesNoRedis_IsNamedButNotShown(string text)
    {
        var sentence = Assert.Single(new OutputCachingOptions { Redis = text + ",password=secret" }.Validate());
        Assert.StartsWith("OutputCaching:Redis", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EverythingWrong_SaysEverything() =>
        Assert.Equal(3, new OutputCachingOptions { Timeout = TimeSpan.Zero, MaxAnswerBytes = 1, MaxBytes = 0 }.Validate().Count());

    public async Task InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var store in _stores) await store.DisposeAsync();
        await Redis.DisposeAsync();
    }

    /// <summary>A store that is connected, and patient: a busy machine is no failure of Redis.</summary>
    private async Task<RedisOutputCacheStore> StoreAsync(Action<OutputCachingOptions>? configure = null)
    {
        var options = new OutputCachingOptions { Redis = Redis.Configuration, Timeout = TimeSpan.FromSeconds(5) };
        configure?.Invoke(options);
        Assert.Empty(options.Validate());
        var store = new RedisOutputCacheStore(options, TimeProvider.System, NullLogger<RedisOutputCacheStore>.Instance);
        _stores.Add(store);
        await Eventually.TrueAsync(async () => await store.CurrentAsync("connected") is not null, "the store is connected");
        await Redis.AskAsync("DEL", "{movento:answers:1}:generation:connected");
        return store;
    }

    private async Task<long> CountedAsync() => long.Parse(await Redis.AskAsync("GET", Bytes), CultureInfo.InvariantCulture);
}
