using Movento.ControlPlane.Recommendations.Models;

namespace Movento.ControlPlane.Tests.Recommendations.Models;

public class BestPlacesTests
{
    [Fact]
    public void Find_OfManyScores_IsAsIfAllWereSorted()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            // Few different scores, so that many are alike: of these the first one comes first.
            var scores = Enumerable.Range(0, random.Next(0, 60)).Select(_ => random.Next(8) == 0 ? float.NegativeInfinity : random.Next(10)).Select(score => (float)score).ToArray();
            var best = new int[random.Next(1, 20)];
            var expected = Enumerable.Range(0, scores.Length).Where(place => !float.IsNegativeInfinity(scores[place])).OrderByDescending(place => scores[place]).ThenBy(place => place).Take(best.Length);
            Assert.Equal(expected, best[..BestPlaces.Find(scores, best)]);
        }
    }

    [Fact]
    public void Find_OfWhatIsNoNumber_LeavesItOut()
    {
        var best = new int[3];
        Assert.Equal(1, BestPlaces.Find([float.NaN, 1, float.NaN], best));
        Assert.Equal(1, best[0]);
    }
}
