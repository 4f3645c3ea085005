using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Recommendations.Home;

namespace Movento.ControlPlane.Tests.Recommendations.Home;

public sealed class CatalogueImageTests(ControlPlaneFixture fixture) : RecommendationsTest(fixture)
{
    private CatalogueImage Image => App.Services.GetRequiredService<CatalogueImage>();

    [Fact]
    public async Task Read_WhereNothingChanged_ReadsWhatFilmsAreLikeNoMore()
    {
        var films = await PublishAsync(2);
        await LookAsync();
        var first = Image.Current.Likeness;
        Assert.Equal(films.Length, first.NewestFirst.Count);
        // Once more after each change, whose writing may have lasted.
        await LookAsync();
        var settled = Image.Current.Likeness;
        Assert.NotSame(first, settled);
        await LookAsync();
        Assert.Same(settled, Image.Current.Likeness);

        await using (var connection = await App.Catalogue.OpenConnectionAsync())
            await connection.ExecuteAsync("UPDATE movies SET revision = nextval('revisions'), genres = '{drama}' WHERE id = @id", new { id = films[0].Value });
        await LookAsync();
        Assert.NotSame(settled, Image.Current.Likeness);
        Assert.Empty(settled.Find([films[0].Value], 1, _ => true, 9));
        Assert.Equal([films[0].Value], Image.Current.Likeness.Find([films[0].Value], 1, _ => true, 9));
    }

    [Fact]
    public async Task Read_AfterAFilmAppearedOrWent_HasItOrHasItNot()
    {
        var films = await PublishAsync(2);
        for (var turn = 0; turn < 3; turn++) await LookAsync();
        await App.AnnounceAsync(new Contracts.AssetDeleted(films[0].Value, App.Clock.Now));
        await LookAsync();
        Assert.Equal([films[1].Value], Image.Current.Likeness.NewestFirst);
        var another = await App.PublishAsync("Another");
        await LookAsync();
        Assert.Equal([another.Value, films[1].Value], Image.Current.Likeness.NewestFirst);
    }
}
