using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Recommendations.Views;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Recommendations.Views;

public sealed class ViewingTests(ControlPlaneFixture fixture) : RecommendationsTest(fixture)
{
    private ViewingRecords Records => App.Services.GetRequiredService<ViewingRecords>();

    [Fact]
    public async Task AGrant_IsAView()
    {
        var film = await App.PublishAsync("Big Buck Bunny");
        var viewer = await App.SignInAsync("viewer@example.com");
        await App.PostAsync($"/api/streaming/{film}/grant", accessToken: viewer.AccessToken);
        await Eventually.TrueAsync(async () => (await Records.HistoryOfAsync(Guid.Parse(viewer.Id), 10, default)).Contains(film.Value), "the view is recorded");
    }

    [Fact]
    public async Task Views_OfAProfile_AreItsOwn_AndGoWithTheAccount()
    {
        var (account, profile, film) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await Records.RecordAsync(new FilmViewed(account, film, App.Clock.Now, profile), default);
        Assert.Empty(await Records.HistoryOfAsync(account, 10, default));
        Assert.Equal([film], await Records.HistoryOfAsync(profile, 10, default));
        await Records.ForgetAccountAsync(account, default);
        Assert.Empty(await Records.HistoryOfAsync(profile, 10, default));
    }

    [Fact]
    public async Task Views_OfAFilm_CountOnce_ByTheLatest()
    {
        var (viewer, one, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var now = App.Clock.Now;
        await Records.RecordAsync(new FilmViewed(viewer, one, now - TimeSpan.FromMinutes(3)), default);
        await Records.RecordAsync(new FilmViewed(viewer, other, now - TimeSpan.FromMinutes(2)), default);
        Assert.Equal([one, other], await Records.HistoryOfAsync(viewer, 10, default));
        await Records.RecordAsync(new FilmViewed(viewer, one, now - TimeSpan.FromMinutes(1)), default);
        Assert.Equal([other, one], await Records.HistoryOfAsync(viewer, 10, default));
        // Late, and twice.
        await Records.RecordAsync(new FilmViewed(viewer, one, now - TimeSpan.FromMinutes(3)), default);
        Assert.Equal([other, one], await Records.HistoryOfAsync(viewer, 10, default));
        Assert.Equal([one], await Records.HistoryOfAsync(viewer, 1, default));
    }

    [Fact]
    public async Task AViewOfTheFuture_IsOneOfNow()
    {
        var (viewer, one, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await Records.RecordAsync(new FilmViewed(viewer, one, App.Clock.Now + TimeSpan.FromDays(1)), default);
        App.Clock.Advance(TimeSpan.FromMinutes(1));
        await Records.RecordAsync(new FilmViewed(viewer, other, App.Clock.Now), default);
        Assert.Equal([one, other], await Records.HistoryOfAsync(viewer, 10, default));
    }

    [Fact]
    public async Task History_Forgotten_IsGone()
    {
        var films = await PublishAsync(2);
        var viewer = await App.SignInAsync("viewer@example.com");
        var stranger = Guid.NewGuid();
        await WatchAsync(Guid.Parse(viewer.Id), films);
        await WatchAsync(stranger, films);
        (await App.SendAsync(HttpMethod.Delete, "/api/recommendations/history", null, null)).IsProblem(System.Net.HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, "/api/recommendations/history", null, viewer.AccessToken)).Status);
        Assert.Empty(await Records.HistoryOfAsync(Guid.Parse(viewer.Id), 10, default));
        Assert.Equal(2, (await Records.HistoryOfAsync(stranger, 10, default)).Length);
    }
}
