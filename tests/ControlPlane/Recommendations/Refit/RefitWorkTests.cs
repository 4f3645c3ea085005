using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Recommendations;
using Movento.ControlPlane.Recommendations.Refit;
using Movento.Storage;

namespace Movento.ControlPlane.Tests.Recommendations.Refit;

public sealed class RefitWorkTests(ControlPlaneFixture fixture) : RecommendationsTest(fixture)
{
    private CurrentModel Current => App.Services.GetRequiredService<CurrentModel>();

    private IObjectStore Store => App.Services.GetRequiredService<IObjectStore>();

    [Fact]
    public async Task Refit_OfTooFewPeople_LeavesEverythingAsItIs()
    {
        await CrowdWatchesAsync(await PublishAsync(5), App.Options.Recommendations.LeastViewers - 1);
        Assert.False(await base.Refit.RefitAsync(default));
        Assert.Null(Current.Value);
    }

    [Fact]
    public async Task Refit_IsTakenInByEveryOtherProcess_FromTheObjectStore()
    {
        var films = await PublishAsync(8);
        await CrowdWatchesAsync(films, 30);
        Assert.True(await base.Refit.RefitAsync(default));
        var fitted = Current.Value!;
        Assert.False(await base.Refit.TakeInAsync(default));

        // As it is in a process that has fitted nothing.
        Current.Value = null;
        Assert.True(await base.Refit.TakeInAsync(default));
        Assert.Equal(fitted.Id, Current.Value!.Id);
        Assert.Equal(fitted.Model.Films.AsEnumerable(), Current.Value.Model.Films);
        Assert.Equal(films.Select(film => film.Value).Order(), fitted.Model.Films.Order());
    }

    [Fact]
    public async Task Models_AreKeptAFew_AndTheirObjectsWithThem()
    {
        await CrowdWatchesAsync(await PublishAsync(6), 25);
        for (var fit = 0; fit < ModelStore.Kept + 2; fit++) await base.Refit.RefitAsync(default);
        var objects = new List<string>();
        await foreach (var found in Store.ListAsync("recommendations/", default)) objects.Add(found.Key);
        await using var connection = await Fixture.Recommendations.OpenConnectionAsync();
        var rows = await connection.QueryAsync<string>("SELECT object FROM models");
        Assert.Equal(ModelStore.Kept, objects.Count(found => rows.Contains(found)));
        Assert.Equal(ModelStore.Kept, rows.Count());
    }

    [Fact]
    public async Task AModelThatIsNotWhatWasWritten_IsNotTakenIn()
    {
        await CrowdWatchesAsync(await PublishAsync(6), 25);
        await base.Refit.RefitAsync(default);
        var good = Current.Value!;
        await base.Refit.RefitAsync(default);
        var latest = await App.Services.GetRequiredService<ModelStore>().FindLatestAsync(default);
        await using (var stream = (await Store.OpenAsync(latest!.Object, default))!)
        {
            var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            // A weight, which any other value would be as good for.
            bytes.GetBuffer()[bytes.Length - 1] ^= 1;
            bytes.Position = 0;
            await Store.PutAsync(latest.Object, bytes, "application/octet-stream", default);
        }

        Current.Value = good;
        await Assert.ThrowsAsync<InvalidDataException>(() => base.Refit.TakeInAsync(default));
        Assert.Same(good, Current.Value);

        await Store.DeleteAsync(latest.Object, default);
        await Assert.ThrowsAsync<InvalidDataException>(() => base.Refit.TakeInAsync(default));
    }

    [Fact]
    public async Task Fit_LooksAtTheFilmsWatchedMost_AndTheLatestViews()
    {
        var films = await PublishAsync(12);
        // The last two films are everybody's last; the first ones were watched by the first people alone.
        await CrowdWatchesAsync(films, 24);
        App.Options.Recommendations = new RecommendationsOptions { MaxFilms = 5, LeastViewers = 2 };
        Assert.True(await base.Refit.RefitAsync(default));
        Assert.Equal(5, Current.Value!.Model.Films.Length);

        App.Options.Recommendations = new RecommendationsOptions { MaxViews = 12, LeastViewers = 2 };
        await base.Refit.RefitAsync(default);
        Assert.Equal(12, Current.Value!.Model.Popularity.Sum());
    }

    [Fact]
    public async Task Sweep_RemovesWhatIsOlderThanItIsKept()
    {
        var films = await PublishAsync(2);
        await WatchAsync(Guid.NewGuid(), films[0]);
        App.Clock.Advance(App.Options.Recommendations.Retention);
        await WatchAsync(Guid.NewGuid(), films[1]);
        Assert.Equal(1, await base.Refit.SweepAsync(default));
        Assert.Equal(0, await base.Refit.SweepAsync(default));
    }
}
