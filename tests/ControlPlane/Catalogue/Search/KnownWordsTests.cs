using Dapper;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Catalogue.Search;

namespace Movento.ControlPlane.Tests.Catalogue.Search;

public sealed class KnownWordsTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Read_AgainAndAgain_HasWhatCameSince()
    {
        using var known = new KnownWords();
        await using var connection = await App.Catalogue.OpenConnectionAsync();
        await App.PublishAsync("Metropolis");
        Assert.Equal(1, (await known.ReadAsync(connection, default))!.Count);
        await App.PublishAsync("Nosferatu");
        var words = (await known.ReadAsync(connection, default))!;
        Assert.True(words.Contains("metropolis") && words.Contains("nosferatu"));
    }

    [Fact]
    public async Task Read_BesideATransactionThatEndsLater_HasItsWordsThen()
    {
        using var known = new KnownWords();
        await using var connection = await App.Catalogue.OpenConnectionAsync();
        await using var slow = await App.Catalogue.OpenConnectionAsync();
        await using (var transaction = await slow.BeginTransactionAsync())
        {
            await slow.ExecuteAsync("INSERT INTO search_words VALUES ('late')");
            await connection.ExecuteAsync("INSERT INTO search_words VALUES ('early')");
            Assert.Equal(1, (await known.ReadAsync(connection, default))!.Count);
            await transaction.CommitAsync();
        }

        Assert.True((await known.ReadAsync(connection, default))!.Contains("late"));
    }

    [Fact]
    public async Task Read_OfMoreThanAreHeld_LeavesThemToTheDatabase_WhichForgivesToo()
    {
        await App.PublishAsync("Nosferatu Metropolis");
        using var known = new KnownWords(mostHeld: 1);
        await using var connection = await App.Catalogue.OpenConnectionAsync();
        Assert.Null(await known.ReadAsync(connection, default));
        var search = new TitleSearch(new CatalogueDatabase(App.Catalogue), known, TimeProvider.System);
        var filter = new SearchFilter(null, [], null, null, null);
        foreach (var text in (string[])["nosfertau", "metropolsi nosferatu"])
        {
            var found = await search.FindAsync(text, filter, new Viewer(null, null, null), null, 10, default);
            Assert.True(found.IsCorrected);
            Assert.Equal(1, found.Total);
        }
    }
}
