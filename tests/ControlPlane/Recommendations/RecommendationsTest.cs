using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Recommendations.Home;
using Movento.ControlPlane.Recommendations.Refit;
using Movento.ControlPlane.Recommendations.Views;

namespace Movento.ControlPlane.Tests.Recommendations;

/// <summary>Films, and people who watch them.</summary>
public abstract class RecommendationsTest(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    protected ControlPlaneFixture Fixture { get; } = fixture;

    private protected RefitWork Refit => App.Services.GetRequiredService<RefitWork>();

    protected async Task<AssetId[]> PublishAsync(int films)
    {
        var ids = new AssetId[films];
        for (var film = 0; film < films; film++)
        {
            ids[film] = await App.PublishAsync($"Film {film}");
            App.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return ids;
    }

    /// <summary>Somebody watches films, a minute after each other.</summary>
    protected async Task WatchAsync(Guid viewer, params IEnumerable<AssetId> films)
    {
        foreach (var film in films)
        {
            App.Clock.Advance(TimeSpan.FromMinutes(1));
            await App.Services.GetRequiredService<ViewingRecords>().RecordAsync(new FilmViewed(viewer, film.Value, App.Clock.Now), default);
        }
    }

    /// <summary>So many people watch the films in their order, each from another one on.</summary>
    protected async Task CrowdWatchesAsync(AssetId[] films, int people)
    {
        for (var person = 0; person < people; person++) await WatchAsync(Guid.NewGuid(), films.Skip(person % (films.Length - 2)).Take(4));
    }

    /// <summary>What a minute brings anyway.</summary>
    protected Task LookAsync() => App.Services.GetRequiredService<CatalogueImage>().ReadAsync(default);

    /// <summary>The ids in the row of a kind, the first one of them; null where there is none.</summary>
    protected async Task<string[]?> RowAsync(string accessToken, string kind, string query = "")
    {
        var answer = await App.GetAsync("/api/recommendations/home" + query, accessToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.Status);
        return answer.Json.GetProperty("rows").EnumerateArray().Where(row => row.GetProperty("kind").GetString() == kind)
            .Select(row => row.GetProperty("films").EnumerateArray().Select(film => film.GetProperty("id").GetString()!).ToArray())
            .FirstOrDefault();
    }
}
