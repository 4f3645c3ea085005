using System.Net;
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
    public async Task Sweep_RemovesAccountsThatNobodyConfirmed_WhereTheyCouldNotBeUsed_AndNothingElse()
    {
        // Of a time when accounts could be used at once.
        await RegisterAsync("before@example.com");
        App.Options.Mail.ConfirmationRequired = true;
        foreach (var email in (string[])["never@example.com", "late@example.com", "confirmed@example.com", "editor@example.com", "disabled@example.com"]) await RegisterAsync(email);
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/confirm", new { token = await App.LinkTokenAsync("confirmed@example.com") })).Status);
        await using var connection = await App.Identity.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "UPDATE users SET roles = '{viewer,editor}' WHERE email = 'editor@example.com'; UPDATE users SET disabled_at = now() WHERE email = 'disabled@example.com'");

        // One asks for another mail at the last moment, and opens its link.
        var sweep = App.Services.GetRequiredService<IdentitySweep>();
        App.Clock.Advance(App.Options.UnconfirmedRetention - TimeSpan.FromMinutes(1));
        await sweep.SweepAsync(CancellationToken.None);
        Assert.Equal(6, await connection.QuerySingleAsync<int>("SELECT count(*) FROM users"));
        Assert.Equal(HttpStatusCode.Accepted, (await App.PostAsync("/api/auth/confirmation", new { email = "late@example.com" })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/confirm", new { token = await App.LinkTokenAsync("late@example.com") })).Status);

        App.Clock.Advance(TimeSpan.FromMinutes(1));
        App.Options.Mail.ConfirmationRequired = false;
        await sweep.SweepAsync(CancellationToken.None);
        Assert.Equal(6, await connection.QuerySingleAsync<int>("SELECT count(*) FROM users"));
        App.Options.Mail.ConfirmationRequired = true;
        await sweep.SweepAsync(CancellationToken.None);
        Assert.Equal(
            ["before@example.com", "confirmed@example.com", "disabled@example.com", "editor@example.com", "late@example.com"],
            await connection.QueryAsync<string>("SELECT email FROM users ORDER BY email"));

        // The address is free for whoever reads its mail.
        await RegisterAsync("never@example.com");
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/confirm", new { token = await App.LinkTokenAsync("never@example.com") })).Status);
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

    private async Task RegisterAsync(string email) =>
        Assert.Equal(HttpStatusCode.Created, (await App.PostAsync("/api/auth/register", new { email, password = ControlPlaneApp.Password })).Status);

    // Whoever did it and whom it was done to may be gone: entries hold ids alone.
    private static Task<int> NoteAsync(NpgsqlConnection connection, DateTimeOffset at, int entries) => connection.ExecuteAsync(
        "INSERT INTO audit_entries (id, at, actor_id, action) SELECT gen_random_uuid(), @at, gen_random_uuid(), 'roles_set' FROM generate_series(1, @entries)", new { at, entries });
}
