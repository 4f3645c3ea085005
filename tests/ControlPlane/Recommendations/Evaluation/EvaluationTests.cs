using Movento.ControlPlane.Recommendations.Evaluation;
using Movento.ControlPlane.Recommendations.Fitting;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Recommendations.Evaluation;

public class EvaluationTests
{
    [Theory]
    [InlineData("u.data", "7\t42\t4\t881250949\n7\t43\t3\t881250950\n")]
    [InlineData("ratings.dat", "7::42::4::881250949\n7::43::3::881250950\n")]
    [InlineData("ratings.csv", "userId,movieId,rating,timestamp\n7,42,4.0,881250949\n7,43,3.0,881250950\n")]
    public void Files_OfMovieLens_AreRead(string name, string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine(name), text);
        var (file, ratings) = MovieLensFiles.Read(folder.FullName);
        Assert.Equal(name, file);
        Assert.Equal([new Rating(7, 42, 4, 881250949), new Rating(7, 43, 3, 881250950)], ratings);
    }

    [Fact]
    public void Files_OfSequences_AreInTheOrderOfTheirLines()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("sequences.txt"), "1 9\n1 4\n2 4\n");
        Assert.Equal([(1, 9), (1, 4), (2, 4)], MovieLensFiles.Read(folder.FullName).Ratings.OrderBy(rating => rating.At).Select(rating => (rating.Person, rating.Film)));
    }

    [Theory]
    [InlineData("7\t42\tfour\t881250949", "line 1")]
    [InlineData("7\t42\t4\t881250949\n7\t43", "line 2")]
    [InlineData("7", "line 1")]
    [InlineData("1\t2\t3\t4\t5\t6", "line 1")]
    public void Files_WithALineThatIsNoRating_AreRefusedByItsNumber(string text, string where)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Combine("u.data"), text.EndsWith("7\t43", StringComparison.Ordinal) ? text + "\tx\ty" : text);
        Assert.Contains(where, Assert.Throws<DatasetException>(() => MovieLensFiles.Read(folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_WithoutADataset_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("u.data", Assert.Throws<DatasetException>(() => MovieLensFiles.Read(folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LeaveLastOut_HidesTheLatest_OfWhatIsGoodEnoughAndWatchedOften()
    {
        Rating[] ratings =
        [
            new(1, 10, 5, 30), new(1, 11, 5, 10), new(1, 12, 2, 40), new(1, 13, 5, 50),
            new(2, 11, 5, 1), new(2, 10, 5, 2),
            new(3, 10, 5, 1),
        ];
        // Film 12 is disliked, film 13 is watched by one alone, and person 3 has then one film.
        var split = LeaveLastOut.Of(ratings, least: 4, core: 2);
        Assert.Equal(2, split.Known.Films);
        Assert.Equal(2, split.Hidden.Length);
        Assert.All(split.Known.Histories, history => Assert.Single(history));
        Assert.Equal(split.Known.Histories[0][0], split.Known.Histories[1][0]);
        Assert.Equal(split.Hidden[0], split.Hidden[1]);
        Assert.NotEqual(split.Hidden[0], split.Known.Histories[0][0]);

        Assert.Throws<DatasetException>(() => LeaveLastOut.Of(ratings, least: 6, core: 1));
    }

    [Fact]
    public void Quality_IsByTheRankAmongWhatWasNotSeen()
    {
        // Film 0 was seen. The hidden ones come first, third, eleventh and twenty-first of the others.
        var histories = Enumerable.Repeat(new[] { 0 }, 4).ToArray();
        var split = new LeaveLastOut(new ViewingHistories(30, histories), [1, 3, 11, 21]);
        var quality = RankingQuality.Of(split, (_, scores) =>
        {
            for (var film = 0; film < scores.Length; film++) scores[film] = 30 - film;
        }, default);
        Assert.Equal((1 + (1 / Math.Log2(4))) / 4, quality.Ndcg10, 9);
        Assert.Equal(0.5, quality.Recall10);
        Assert.Equal(0.75, quality.Recall20);
    }

    [Fact]
    public void Quality_OfAModelThatSaysTheSameOfAll_IsNothing()
    {
        var split = new LeaveLastOut(new ViewingHistories(30, [[0]]), [1]);
        Assert.Equal(default, RankingQuality.Of(split, (_, scores) => scores.Clear(), default));
    }

    [Fact]
    public void Evaluation_OfPeopleWhoFollowASeries_FindsTheirOrder()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder.Combine("sequences.txt"), Enumerable.Range(0, 200).SelectMany(person => Enumerable.Range(person * 7 % 30, 8).Select(film => $"{person} {film}")));
        var lines = new List<RecommendationEvaluation.Line>();
        RecommendationEvaluation.Run(folder.FullName, 0, 1, read => Assert.Equal((200, 37, 1600), (read.People, read.Films, read.Viewings)), lines.Add, default);
        Assert.Equal(4, lines.Count);
        Assert.True(lines[0].Recall10 < 0.6, $"by popularity {lines[0].Recall10}");
        Assert.True(lines[^1].Ndcg10 > 0.95, $"by the model {lines[^1].Ndcg10}");
    }
}
