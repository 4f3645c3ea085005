using Movento.ControlPlane.Recommendations.Models;

namespace Movento.ControlPlane.Tests.Recommendations.Models;

public class RecommendationModelTests
{
    private static readonly Guid[] Films = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];

    [Fact]
    public void Score_OfAHistory_CountsTheLastSeenMost()
    {
        // Film 0 speaks for 2, film 1 for 3, as loudly.
        var model = Of((0, 2, 1), (1, 3, 1));
        var scores = new float[4];

        model.Score([0, 1], scores);
        Assert.Equal([0, 0, 0.5f, 1], scores);

        model.Score([1, 0], scores);
        Assert.Equal([0, 0, 1, 0.5f], scores);
    }

    [Fact]
    public void Score_OfNoHistory_IsNothing()
    {
        var scores = new float[] { 1, 2, 3, 4 };
        Of((0, 2, 1)).Score([], scores);
        Assert.Equal(new float[4], scores);
    }

    [Fact]
    public void Score_OfALongHistory_LooksNoFartherThanItMatters()
    {
        // At a half for each film before, the eleventh counts less than a thousandth.
        var model = Of((0, 2, 1));
        var scores = new float[4];
        model.Score([0, .. Enumerable.Repeat(1, 9)], scores);
        Assert.True(scores[2] > 0);
        model.Score([0, .. Enumerable.Repeat(1, 10)], scores);
        Assert.Equal(0, scores[2]);
    }

    [Fact]
    public void ReasonFor_IsWhatSpeaksMost_AndNothingThatSpeaksAgainst()
    {
        var model = Of((0, 2, 1), (1, 2, 0.75f), (3, 2, -1));
        Assert.Equal(0, model.ReasonFor([1, 0], 2));
        // As loud, but longer ago.
        Assert.Equal(1, model.ReasonFor([0, 1], 2));
        Assert.Null(model.ReasonFor([3], 2));
        Assert.Null(model.ReasonFor([], 2));
    }

    [Fact]
    public void PlaceOf_AFilmThatIsNotInIt_IsNone()
    {
        var model = Of();
        Assert.Equal(2, model.PlaceOf(Films[2]));
        Assert.Null(model.PlaceOf(Guid.NewGuid()));
    }

    private static RecommendationModel Of(params (int Seen, int Film, float Weight)[] weights) => new(
        [.. Films],
        [1, 1, 1, 1],
        [new ModelTerm(FilmWeights.Of(4, (seen, film) => weights.FirstOrDefault(weight => (weight.Seen, weight.Film) == (seen, film)).Weight), 0.5f)]);
}
