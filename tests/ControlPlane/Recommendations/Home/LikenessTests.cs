using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Recommendations.Home;

namespace Movento.ControlPlane.Tests.Recommendations.Home;

public class LikenessTests
{
    private static readonly FilmTraits[] Films =
    [
        Film(["drama", "war"], ["Ana", "Bela"]),
        Film(["drama", "war"], ["Ana"]),
        Film(["Drama"], ["Cleo"]),
        Film(["comedy"], []),
        Film([], []),
        Film(["comedy"], ["Bela"]),
    ];

    [Fact]
    public void Find_IsByWhatFilmsHaveInCommon_TheRarestMost()
    {
        var likeness = new Likeness(Films);
        Assert.Equal([Films[1].Id, Films[5].Id, Films[2].Id], likeness.Find([Films[0].Id], 0.9f, film => film != Films[0].Id, 10));
    }

    [Fact]
    public void Find_OfWhatHasNothingInCommon_IsNothing()
    {
        var likeness = new Likeness(Films);
        Assert.Empty(likeness.Find([Films[4].Id], 0.9f, _ => true, 10));
        Assert.Empty(likeness.Find([Guid.NewGuid()], 0.9f, _ => true, 10));
        Assert.Empty(likeness.Find([], 0.9f, _ => true, 10));
        Assert.Empty(new Likeness([]).Find([Films[0].Id], 0.9f, _ => true, 10));
    }

    [Fact]
    public void Find_CountsWhatWasSeenLastMost_AndEndsWhereItIsTold()
    {
        var likeness = new Likeness(Films);
        Assert.Equal([Films[5].Id], likeness.Find([Films[1].Id, Films[3].Id], 0.5f, film => film == Films[5].Id || film == Films[2].Id, 1));
        Assert.Equal([Films[2].Id], likeness.Find([Films[3].Id, Films[1].Id], 0.1f, film => film == Films[5].Id || film == Films[2].Id, 1));
    }

    private static FilmTraits Film(string[] genres, string[] people) => new() { Id = Guid.NewGuid(), Genres = genres, People = people };
}
