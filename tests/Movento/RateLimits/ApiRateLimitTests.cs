using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Movento.Harness;
using static Movento.Tests.Hosting.PipelineApp;

namespace Movento.Tests.RateLimits;

public sealed class ApiRateLimitTests
{
    [Fact]
    public async Task Address_PastItsLimit_Gets429_WithProblemAndRetryAfter_AndOthersGoOn()
    {
        await using var app = await StartAsync(options => options.General.Address = new() { Requests = 3, Period = TimeSpan.FromHours(1) });

        Assert.Equal(3, await app.CountAsync(5, address: "192.0.2.1"));
        var refused = await app.GetAsync(address: "192.0.2.1");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(19), TimeSpan.FromMinutes(20));
        Assert.Equal("too_many_requests", refused.Json.GetProperty("code").GetString());
        Assert.Equal(429, refused.Json.GetProperty("status").GetInt32());
        Assert.Equal(3, await app.CountAsync(5, address: "192.0.2.2"));
    }

    [Fact]
    public async Task Address_OfIPv6_IsItsSlash64_AndAMappedOneIsItsIPv4()
    {
        await using var app = await StartAsync(options => options.General.Address = Rate(2));

        Assert.Equal(1, await app.CountAsync(1, address: "2001:db8:0:1::1"));
        Assert.Equal(1, await app.CountAsync(2, address: "2001:db8:0:1:ffff::2"));
        Assert.Equal(2, await app.CountAsync(3, address: "2001:db8:0:2::1"));
        Assert.Equal(2, await app.CountAsync(2, address: "192.0.2.1"));
        Assert.Equal(0, await app.CountAsync(1, address: "::ffff:192.0.2.1"));
    }

    [Fact]
    public async Task Loopback_CountsOnlyWhereItIsAskedFor()
    {
        await using var app = await StartAsync(options => options.General.Address = Rate(2));
        Assert.Equal(5, await app.CountAsync(5));

        await using var counting = await StartAsync(options => (options.General.Address, options.IncludeLoopback) = (Rate(2), true));
        Assert.Equal(2, await counting.CountAsync(5));
    }

    [Fact]
    public async Task Account_PastItsLimit_IsRefusedFromEveryAddress()
    {
        await using var app = await StartAsync(options => options.General.Account = Rate(4));
        var account = Guid.NewGuid();

        Assert.Equal(2, await app.CountAsync(2, address: "192.0.2.1", account: account));
        Assert.Equal(2, await app.CountAsync(5, address: "192.0.2.2", account: account));
        Assert.Equal(4, await app.CountAsync(5, address: "192.0.2.2", account: Guid.NewGuid()));
    }

    [Fact]
    public async Task Key_HasItsOwnLimit_WithinItsAccounts()
    {
        await using var app = await StartAsync(options => (options.General.Account, options.General.Key) = (Rate(5), Rate(2)));
        var account = Guid.NewGuid();

        Assert.Equal(2, await app.CountAsync(4, account: account, key: Guid.NewGuid()));
        // What the key was let in counts for the account too; what it was refused does not.
        Assert.Equal(3, await app.CountAsync(4, account: account));
    }

    [Fact]
    public async Task Kind_HasBucketsOfItsOwn_AndPagesHaveNone()
    {
        await using var app = await StartAsync(options => (options.General.Account, options.Checkout.Account) = (Rate(3), Rate(1)));
        var account = Guid.NewGuid();

        Assert.Equal(1, await app.CountAsync(3, "/api/pay", account: account));
        Assert.Equal(3, await app.CountAsync(4, account: account));
        Assert.Equal(9, await app.CountAsync(9, "/page", account: account));
    }

    [Fact]
    public async Task TwoProcesses_CountTogetherInRedis()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await StartAsync(options => (options.General.Account, options.General.Address, options.Redis) = (Rate(10), Rate(14), redis.Configuration));
        await using var there = await StartAsync(options => (options.General.Account, options.General.Address, options.Redis) = (Rate(10), Rate(14), redis.Configuration));
        var account = Guid.NewGuid();

        Assert.Equal(6, await here.CountAsync(6, address: "192.0.2.1", account: account));
        Assert.Equal(4, await there.CountAsync(7, address: "192.0.2.1", account: account));
        Assert.Equal(0, await here.CountAsync(1, address: "192.0.2.9", account: account));
        // Of what was refused for the account's sake nothing counts for the address: 10 of 14 are taken.
        Assert.Equal(4, await there.CountAsync(7, address: "192.0.2.1", account: Guid.NewGuid()));
        var refused = await there.GetAsync(address: "192.0.2.1");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task TwoProcesses_AskedAtTheSameTime_LetInExactlyAsManyAsThereAre()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await StartAsync(options => (options.General.Account, options.Redis) = (Rate(40), redis.Configuration));
        await using var there = await StartAsync(options => (options.General.Account, options.Redis) = (Rate(40), redis.Configuration));
        var account = Guid.NewGuid();

        var counts = await Task.WhenAll(Enumerable.Range(0, 10).Select(worker => (worker % 2 == 0 ? here : there).CountAsync(10, account: account)));

        Assert.Equal(40, counts.Sum());
    }

    [Fact]
    public async Task Redis_Killed_LeavesEachProcessItsOwnCount_AndNoRequestFails_UntilItIsBack()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await StartAsync(options => (options.General.Account, options.Redis) = (Rate(10), redis.Configuration));
        await using var there = await StartAsync(options => (options.General.Account, options.Redis) = (Rate(10), redis.Configuration));
        var account = Guid.NewGuid();
        Assert.Equal(4, await here.CountAsync(4, account: account));
        Assert.Equal(6, await there.CountAsync(8, account: account));

        await redis.KillAsync();
        // What this process had counted before stays counted.
        Assert.Equal(6, await here.CountAsync(8, account: account));

        await redis.RunAsync();
        await here.WhenSharedAsync();
        await there.WhenSharedAsync();
        var other = Guid.NewGuid();
        await Eventually.TrueAsync(
            async () =>
            {
                other = Guid.NewGuid();
                return await here.CountAsync(10, account: other) == 10 && await there.CountAsync(1, account: other) == 0;
            },
            "the two count together again");
    }

    [Fact]
    public async Task Redis_ThatHangs_KeepsNobodyWaiting()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var app = await StartAsync(options =>
            (options.General.Account, options.Redis, options.Timeout) = (Rate(30), redis.Configuration, TimeSpan.FromSeconds(1)));
        var account = Guid.NewGuid();
        await redis.FreezeAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal(30, await app.CountAsync(40, account: account));

        // One of them waited for a second, and then one in each second: even where forty requests take long, never all of them.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        await redis.ResumeAsync();
    }

    [Fact]
    public async Task Health_OfTheRedis_IsDegradedWhileItIsAway()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var app = await StartAsync(options => options.Redis = redis.Configuration);
        var check = new Movento.RateLimits.SharedBucketsHealth(app.Services.GetRequiredService<Movento.RateLimits.SharedBuckets>());
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);

        await redis.KillAsync();

        await Eventually.TrueAsync(async () => (await check.CheckHealthAsync(new HealthCheckContext())).Status == HealthStatus.Degraded, "it is told of");
    }

    [Fact]
    public void Validate_EverythingWrong_SaysEverything()
    {
        var options = new Movento.RateLimits.RateLimitOptions { Timeout = TimeSpan.Zero, Tracked = 1, Redis = "a:b:c" };
        options.Search.Key.Requests = -1;
        options.Checkout.Address.Period = TimeSpan.Zero;

        var wrong = options.Validate().ToArray();

        Assert.Equal(["Search:Key:Requests", "Checkout:Address:Period", "Redis", "Timeout", "Tracked"], wrong.Select(sentence => sentence.Split(' ')[0]));
        Assert.Empty(new Movento.RateLimits.RateLimitOptions().Validate());
    }
}
