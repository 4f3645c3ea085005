using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Identity;
using Npgsql;

namespace Movento.ControlPlane.Tests.Identity;

public sealed class IdentitySweepTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Sweep_RemovesWhatExpired_AndNothingElse()
    {
        var user = await App.SignInAsync("a@example.com");
        await App.Services.GetRequiredService<SignInCodes>().CreateAsync(Guid.Parse(user.Id), TimeSpan.FromMinutes(5), CancellationToken.None);
        await App.PostAsync("/api/auth/login", new { email = "b@example.com", password = "wrong" });
        var sweep = App.Services.GetRequiredService<IdentitySweep>();
        Assert.Equal(0, await sweep.SweepAsync(CancellationToken.None));

        App.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(4, await sweep.SweepAsync(CancellationToken.None)); // a code, and three counted attempts
        SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken));

        App.Clock.Advance(TimeSpan.FromDays(30));
        await sweep.SweepAsync(CancellationToken.None);
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT (SELECT count(*) FROM refresh_tokens) + (SELECT count(*) FROM sessions)"));
        Assert.Equal(1, await connection.QuerySingleAsync<int>("SELECT count(*) FROM users"));
    }

    [Fact]
    public async Task Sweep_RemovesAuditEntriesOlderThanTheyAreKept_InMoreThanOneBatch()
    {
        await using var connection = await App.Identity.OpenConnectionAsync();
        var oldest = App.Clock.Now - App.Options.AuditRetention;
        await NoteAsync(connection, oldest.AddTicks(-10), 10_003);
        await NoteAsync(connection, oldest, 1);

        var sweep = App.Services.GetRequiredService<IdentitySweep>();
        Assert.Equal(10_003, await sweep.SweepAsync(CancellationToken.None));
        Assert.Equal(oldest.UtcDateTime, await connection.QuerySingleAsync<DateTime>("SELECT at FROM audit_entries"));

        App.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await sweep.SweepAsync(CancellationToken.None));
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*) FROM audit_entries"));
    }

    [Fact]
    public async Task Sweep_WhereTheAuditLogIsKeptForEver_LeavesIt()
    {
        await using var connection = await App.Identity.OpenConnectionAsync();
        await NoteAsync(connection, App.Clock.Now.AddYears(-20), 1);
        var options = new ControlPlaneOptions { AuditRetention = TimeSpan.Zero };
        using var sweep = ActivatorUtilities.CreateInstance<IdentitySweep>(App.Services, options);
        Assert.Equal(0, await sweep.SweepAsync(CancellationToken.None));
        Assert.Equal(1, await connection.QuerySingleAsync<int>("SELECT count(*) FROM audit_entries"));
    }

    // Whoever did it and whom it was done to may be gone: entries hold ids alone.
    private static Task<int> NoteAsync(NpgsqlConnection connection, DateTimeOffset at, int entries) => connection.ExecuteAsync(
        "INSERT INTO audit_entries (id, at, actor_id, action) SELECT gen_random_uuid(), @at, gen_random_uuid(), 'roles_set' FROM generate_series(1, @entries)", new { at, entries });
}
