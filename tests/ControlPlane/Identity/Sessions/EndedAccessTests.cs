using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Tests.Identity.Sessions;

public sealed class EndedAccessTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Question_OfWhatHasEnded_IsAnsweredInParts_WithWhatTokensMayStillLiveOf()
    {
        var user = Guid.Parse((await App.SignInAsync("a@example.com")).Id);
        await using var connection = await App.Identity.OpenConnectionAsync();
        await connection.ExecuteAsync(
            $"""
            INSERT INTO sessions (id, user_id, client, created_at, used_at, expires_at, authenticated_at, revoked_at)
            SELECT gen_random_uuid(), @user, 'x', @now, @now, @now + interval '1 day', @now, @now - make_interval(mins => minutes)
            FROM generate_series(1, {EndedAccess.MostAtOnce + 1}) n, LATERAL (SELECT CASE WHEN n = 1 THEN 17 ELSE 14 END AS minutes) AS ago
            """,
            new { user, now = App.Clock.Now.UtcDateTime });
        await connection.ExecuteAsync(
            """
            INSERT INTO sessions (id, user_id, client, created_at, used_at, expires_at, authenticated_at, revoked_at)
            VALUES ('ffffffff-ffff-ffff-ffff-ffffffffffff', @user, 'x', @now, @now, @now + interval '1 day', @now, @now)
            """,
            new { user, now = App.Clock.Now.UtcDateTime });
        var first = await AskAsync(null);
        Assert.Equal(EndedAccess.MostAtOnce, first.SignIns.Count);
        Assert.False(first.IsLast);
        var second = await AskAsync(first.SignIns[^1]);
        Assert.Equal(Guid.Parse("ffffffff-ffff-ffff-ffff-ffffffffffff"), Assert.Single(second.SignIns));
        Assert.True(second.IsLast);
        Assert.True(second.Until > App.Clock.Now + App.Options.AccessTokenLifetime);
        // One that ended so long ago that no token of it lives is left out.
        Assert.Equal(EndedAccess.MostAtOnce + 1, first.SignIns.Concat(second.SignIns).Distinct().Count());
    }

    private async Task<EndedSignInsAnswer> AskAsync(Guid? after)
    {
        var client = App.Services.GetRequiredService<IBus>().CreateRequestClient<EndedSignInsQuestion>();
        return (await client.GetResponse<EndedSignInsAnswer>(new EndedSignInsQuestion(after))).Message;
    }
}
