using System.Net;
using Movento.Contracts;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.OutputCaching;

/// <summary>Two control planes over the same databases and the same real Redis.</summary>
public sealed class SharedAnswersTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private readonly ControlPlaneFixture _fixture = fixture;

    [Fact]
    public async Task Answer_MadeInOneProcess_IsGivenByTheOther()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await StartAsync(redis);
        await using var there = await StartAsync(redis);
        foreach (var answer in new[] { "list", "part of it", "film" })
        {
            // An answer lives for ten seconds: where the machine is so busy that they are over, another answer that nobody has asked for yet.
            var limit = 1;
            await Eventually.TrueAsync(
                async () =>
                {
                    var id = await here.PublishAsync("A");
                    var path = answer switch { "list" => "/api/movies", "film" => $"/api/movies/{id}", _ => $"/api/movies?limit={limit++}" };
                    var made = await here.GetAsync(path);
                    Assert.Null(made.Headers.Age);
                    var given = await there.GetAsync(path);
                    if (given.Headers.Age is null) return false;
                    Assert.Equal("no-cache", given.Headers.CacheControl?.ToString());
                    Assert.Equal(made.Text, given.Text);
                    return true;
                },
                $"the other process gives the {answer}");
        }
    }

    [Fact]
    public async Task Change_InOneProcess_IsSeenInTheOtherAtOnce()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await StartAsync(redis);
        await using var there = await StartAsync(redis);
        var editor = await here.SignInAsync("e@example.com", Access.EditorRole);
        var id = await here.PublishAsync("0", owner: editor);
        for (var round = 1; round <= 20; round++)
        {
            Assert.Equal($"{round - 1}", await TitleInListAsync(there));
            await Eventually.TrueAsync(async () => (await there.GetAsync("/api/movies")).Headers.Age is not null, "the answer is kept");
            await RenameAsync(round % 2 == 0 ? here : there, editor, id, $"{round}");
            Assert.Equal($"{round}", await TitleInListAsync(there));
            Assert.Equal($"{round}", (await there.GetAsync($"/api/movies/{id}")).Json.GetProperty("title").GetString());
            Assert.Equal($"{round}", await TitleInListAsync(here));
        }

        await here.AnnounceAsync(new AssetDeleted(id.Value, here.Clock.Now));
        Assert.Equal("""{"items":[],"next":null}""", (await there.GetAsync("/api/movies")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await there.GetAsync($"/api/movies/{id}")).Status);
    }

    [Fact]
    public async Task Redis_Killed_LeavesAnswersAsWithoutACache_UntilItIsBack()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await StartAsync(redis);
        await using var there = await StartAsync(redis);
        var editor = await here.SignInAsync("e@example.com", Access.EditorRole);
        var id = await here.PublishAsync("before", owner: editor);
        Assert.Equal("before", await TitleInListAsync(there));
        await redis.KillAsync();

        await RenameAsync(here, editor, id, "meanwhile");
        for (var round = 0; round < 5; round++)
        {
            var answer = await there.GetAsync("/api/movies");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Null(answer.Headers.Age);
            Assert.Equal("meanwhile", answer.Json.GetProperty("items")[0].GetProperty("title").GetString());
        }

        await redis.RunAsync();
        await Eventually.TrueAsync(async () => (await there.GetAsync("/api/movies")).Headers.Age is not null, "answers are kept again");
        await Eventually.TrueAsync(async () => (await here.GetAsync($"/api/movies/{id}")).Headers.Age is not null, "in both");
        await RenameAsync(here, editor, id, "after");
        Assert.Equal("after", await TitleInListAsync(there));
    }

    [Fact]
    public async Task Redis_ThatHangs_KeepsNobodyWaiting()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await StartAsync(redis, TimeSpan.FromMilliseconds(100));
        var editor = await here.SignInAsync("e@example.com", Access.EditorRole);
        var id = await here.PublishAsync("before", owner: editor);
        Assert.Equal("before", await TitleInListAsync(here));
        await redis.FreezeAsync();
        await RenameAsync(here, editor, id, "after");
        Assert.Equal("after", await TitleInListAsync(here));
        await redis.ResumeAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                var answer = await here.GetAsync("/api/movies");
                Assert.Equal("after", answer.Json.GetProperty("items")[0].GetProperty("title").GetString());
                return answer.Headers.Age is not null;
            },
            "answers are kept again, and are the new ones");
    }

    // Patient, where nothing is said: a busy machine is no failure of Redis.
    private async Task<ControlPlaneApp> StartAsync(RedisServer redis, TimeSpan? timeout = null)
    {
        var app = await ControlPlaneApp.StartAsync(_fixture.Databases, options =>
        {
            options.OutputCaching.Redis = redis.Configuration;
            options.OutputCaching.Timeout = timeout ?? TimeSpan.FromSeconds(5);
        });
        await Eventually.TrueAsync(
            async () =>
            {
                await app.GetAsync("/api/movies?limit=100");
                return (await app.GetAsync("/api/movies?limit=100")).Headers.Age is not null;
            },
            "the cache is there");
        return app;
    }

    private static async Task RenameAsync(ControlPlaneApp app, SignedInUser editor, AssetId id, string title) => Assert.Equal(
        HttpStatusCode.OK, (await app.EditAsync(HttpMethod.Patch, $"/api/movies/{id}/details", new { title }, editor.AccessToken, "*")).Status);

    private static async Task<string?> TitleInListAsync(ControlPlaneApp app) =>
        (await app.GetAsync("/api/movies")).Json.GetProperty("items")[0].GetProperty("title").GetString();
}
