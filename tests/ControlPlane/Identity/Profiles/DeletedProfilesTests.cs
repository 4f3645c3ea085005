using System.Net;
using System.Net.Http.Json;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Identity.Profiles;
using Movento.ControlPlane.Recommendations.Views;
using Movento.Harness;
using Movento.Servers;

namespace Movento.ControlPlane.Tests.Identity.Profiles;

public sealed class DeletedProfilesTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private readonly ControlPlaneFixture _fixture = fixture;

    private ViewingRecords Views => App.Services.GetRequiredService<ViewingRecords>();

    private DeletedProfiles Deleted => App.Services.GetRequiredService<DeletedProfiles>();

    [Fact]
    public async Task Profile_Removed_IsForgottenEverywhere_AndNobodyElse()
    {
        var (nobody, kim, profile) = await SignInAsync();
        var film = await App.PublishAsync("A", durationSeconds: 1000);
        await WatchAsync(nobody, film);
        await WatchAsync(kim, film);
        await App.SendAsync(HttpMethod.Delete, $"/api/viewing/history/{film}", accessToken: kim.AccessToken);
        await WatchAsync(kim, film);
        await ShowAsync(Guid.Parse(kim.Id), profile, film);
        await ShowAsync(Guid.Parse(kim.Id), Guid.Parse(kim.Id), film);
        var before = await KeptAsync(profile);
        Assert.Equal(new Kept(Watched: 1, Erasures: 1, Views: 1, Shown: 1), before);

        await RemoveAsync(nobody, profile);
        await Eventually.TrueAsync(async () => await KeptAsync(profile) == default, "everything of the profile is forgotten");
        Assert.Equal(new Kept(Watched: 1, Erasures: 0, Views: 0, Shown: 0), await KeptAsync(Guid.Empty));
        Assert.Equal(new Kept(Watched: 0, Erasures: 0, Views: 1, Shown: 1), await KeptAsync(Guid.Parse(nobody.Id)));
        Assert.Single((await App.GetAsync("/api/viewing/export", nobody.AccessToken)).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Profile_RemovedWhileItsTokensLive_LeavesNothingOfWhatTheySay()
    {
        var (nobody, kim, profile) = await SignInAsync();
        var film = await App.PublishAsync("A", durationSeconds: 1000);
        await WatchAsync(kim, film);
        await RemoveAsync(nobody, profile);
        await Eventually.TrueAsync(async () => await KeptAsync(profile) == default, "everything of the profile is forgotten");

        // What its player says is not kept at all; that a film was begun is, until that is told again, when no such token lives any more.
        App.Clock.Advance(TimeSpan.FromMinutes(10));
        await WatchAsync(kim, film);
        Assert.Equal(new Kept(Watched: 0, Erasures: 0, Views: 1, Shown: 0), await KeptAsync(profile));
        App.Clock.Advance(TimeSpan.FromMinutes(50));
        await Deleted.AnnounceDueAsync(default);
        await Eventually.TrueAsync(async () => await KeptAsync(profile) == default, "what came late is forgotten");

        for (var i = 0; i < 12; i++)
        {
            App.Clock.Advance(TimeSpan.FromHours(1 << i));
            await Deleted.AnnounceDueAsync(default);
        }

        Assert.Empty(await OwedAsync());
    }

    [Fact]
    public async Task Remove_WhileTheBrokerTakesNothing_IsToldOnceItDoes()
    {
        var (nobody, kim, profile) = await SignInAsync();
        var film = await App.PublishAsync("A", durationSeconds: 1000);
        await WatchAsync(kim, film);
        var broker = new AbsentBroker(typeof(ProfileDeleted), new ConnectionException("The broker is away."));
        using (App.Services.GetRequiredService<IBus>().ConnectPublishObserver(broker))
        {
            await RemoveAsync(nobody, profile);
            await Deleted.AnnounceDueAsync(default);
            Assert.True(broker.Refused >= 2);
            Assert.Equal(new Kept(Watched: 1, Erasures: 0, Views: 1, Shown: 0), await KeptAsync(profile));
            Assert.Equal(0, Assert.Single(await OwedAsync()));
        }

        await Deleted.AnnounceDueAsync(default);
        Assert.Equal(1, Assert.Single(await OwedAsync()));
        await Eventually.TrueAsync(async () => await KeptAsync(profile) == default, "everything of the profile is forgotten");
    }

    [Fact]
    public async Task Remove_WhileAnAreasDatabaseRefuses_IsForgottenByALaterTry()
    {
        var (nobody, kim, profile) = await SignInAsync();
        var film = await App.PublishAsync("A", durationSeconds: 1000);
        await WatchAsync(kim, film);
        await using var viewing = await App.Viewing.OpenConnectionAsync();
        // A sequence counts what is rolled back too.
        await viewing.ExecuteAsync(
            """
            CREATE SEQUENCE tries;
            CREATE FUNCTION refuse_twice() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN IF nextval('tries') <= 2 THEN RAISE EXCEPTION 'not now'; END IF; RETURN new; END $$;
            CREATE TRIGGER refuse_twice BEFORE INSERT ON erasures FOR EACH ROW EXECUTE FUNCTION refuse_twice()
            """);
        try
        {
            await RemoveAsync(nobody, profile);
            await Eventually.TrueAsync(async () => await KeptAsync(profile) == default, "everything of the profile is forgotten");
            Assert.Equal(3, await viewing.QuerySingleAsync<int>("SELECT last_value::int FROM tries"));
        }
        finally
        {
            await viewing.ExecuteAsync("DROP TRIGGER refuse_twice ON erasures; DROP FUNCTION refuse_twice(); DROP SEQUENCE tries");
        }
    }

    [Fact]
    public async Task Account_DeletedAfterItsProfile_IsToldOfAlone()
    {
        var (nobody, _, profile) = await SignInAsync();
        await RemoveAsync(nobody, profile);
        Assert.Single(await OwedAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: nobody.AccessToken)).Status);
        Assert.Empty(await OwedAsync());
    }

    // An account, signed in for nobody in particular and for a profile of it.
    private async Task<(SignedInUser Nobody, SignedInUser Kim, Guid Profile)> SignInAsync()
    {
        var nobody = await App.SignInAsync("v@example.com");
        var added = await App.PostAsync("/api/users/me/profiles", new { name = "Kim" }, nobody.AccessToken);
        var other = await App.SignInAgainAsync(Guid.Parse(nobody.Id));
        var selected = await App.SendAsync(
            HttpMethod.Put, "/api/auth/profile", JsonContent.Create(new { profileId = added.Json.GetProperty("id").GetString() }), other.AccessToken);
        return (nobody, other with { AccessToken = selected.Json.GetProperty("accessToken").GetString()! }, Guid.Parse(added.Json.GetProperty("id").GetString()!));
    }

    private async Task WatchAsync(SignedInUser user, AssetId film)
    {
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        var items = new[] { new { assetId = film.ToString(), position = 100, duration = 1000 } };
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/viewing/heartbeats", new { items }, user.AccessToken)).Status);
        var granted = await App.PostAsync($"/api/streaming/{film}/grant", accessToken: user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, granted.Status);
        var begun = App.Clock.Now;
        await using var connection = await _fixture.Recommendations.OpenConnectionAsync();
        await Eventually.TrueAsync(
            async () => await connection.QuerySingleAsync<bool>("SELECT EXISTS (SELECT FROM views WHERE film_id = @film AND seen_at = @begun)", new { film = film.Value, begun = begun.UtcDateTime }),
            "the view is recorded");
    }

    private async Task ShowAsync(Guid account, Guid viewer, AssetId film)
    {
        await using var connection = await _fixture.Recommendations.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "INSERT INTO shown (id, account_id, viewer_id, shown_at, kind, variant, films) VALUES (gen_random_uuid(), @account, @viewer, @now, 'new', 'model', @films)",
            new { account, viewer, now = App.Clock.Now.UtcDateTime, films = new[] { film.Value } });
    }

    private async Task RemoveAsync(SignedInUser user, Guid profile) => Assert.Equal(
        HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, $"/api/users/me/profiles/{profile:N}", accessToken: user.AccessToken)).Status);

    private async Task<int[]> OwedAsync()
    {
        await using var connection = await App.Identity.OpenConnectionAsync();
        return [.. await connection.QueryAsync<int>("SELECT announced FROM deleted_profiles")];
    }

    private async Task<Kept> KeptAsync(Guid who)
    {
        await using var viewing = await App.Viewing.OpenConnectionAsync();
        var (watched, erasures) = await viewing.QuerySingleAsync<(int, int)>(
            "SELECT (SELECT count(*)::int FROM watched WHERE profile_id = @who), (SELECT count(*)::int FROM announced_erasures WHERE profile_id = @who)", new { who });
        await using var recommendations = await _fixture.Recommendations.OpenConnectionAsync();
        var shown = await recommendations.QuerySingleAsync<int>("SELECT count(*)::int FROM shown WHERE viewer_id = @who", new { who });
        return new Kept(watched, erasures, (await Views.HistoryOfAsync(who, 9, default)).Length, shown);
    }

    // Films in the history, what is owed of erasing, films that models learn from, and rows that were shown.
    private readonly record struct Kept(int Watched, int Erasures, int Views, int Shown);
}
