using Movento.ControlPlane.Recommendations.Fitting;

namespace Movento.ControlPlane.Tests.Recommendations.Fitting;

/// <summary>The closed forms beside the regressions that they stand for, moment by moment and film by film.</summary>
public class FitTests
{
    private const int Films = 12;
    private static readonly FitSettings Settings = new() { EaseRidge = 2, NextRidge = 1.5f };

    [Fact]
    public void Ease_IsTheRidgeRegressionOfEachFilmOnAllOthers()
    {
        var viewings = Random(20);
        var weights = EaseFit.Fit(viewings, Settings, new ManagedSystem());
        for (var film = 0; film < Films; film++)
        {
            var others = Enumerable.Range(0, Films).Where(other => other != film).ToArray();
            var inputs = viewings.Histories.Select(history => others.Select(other => history.Contains(other) ? 1.0 : 0).ToArray()).ToArray();
            var targets = viewings.Histories.Select(history => history.Contains(film) ? 1.0 : 0).ToArray();
            var expected = Ridge(inputs, targets, Settings.EaseRidge);

            Assert.Equal(0, weights[(film * Films) + film]);
            for (var index = 0; index < others.Length; index++) Assert.Equal(expected[index], weights[(others[index] * Films) + film], 1e-4);
        }
    }

    [Fact]
    public void NextFilm_IsTheRidgeRegressionOfTheNextFilmOnBothMemories()
    {
        var viewings = Random(20);
        var (shortWeights, longWeights) = NextFilmFit.Fit(viewings, Settings, new ManagedSystem());

        var inputs = new List<double[]>();
        var next = new List<int>();
        foreach (var history in viewings.Histories)
        {
            for (var moment = 1; moment < history.Length; moment++)
            {
                var input = new double[2 * Films];
                for (var seen = 0; seen < moment; seen++)
                {
                    input[history[seen]] = Math.Pow(Settings.ShortDecay, moment - 1 - seen);
                    input[Films + history[seen]] = Math.Pow(Settings.LongDecay, moment - 1 - seen);
                }

                inputs.Add(input);
                next.Add(history[moment]);
            }
        }

        for (var film = 0; film < Films; film++)
        {
            var expected = Ridge([.. inputs], [.. next.Select(one => one == film ? 1.0 : 0)], Settings.NextRidge);
            for (var seen = 0; seen < Films; seen++)
            {
                Assert.Equal(expected[seen], shortWeights[(seen * Films) + film], 1e-3);
                Assert.Equal(expected[Films + seen], longWeights[(seen * Films) + film], 1e-3);
            }
        }
    }

    [Fact]
    public void Model_OfPeopleWhoFollowASeries_PutsTheNextPartFirst()
    {
        // Twelve parts that everybody sees in order, from wherever they begin; the first parts are the popular ones.
        var viewings = new ViewingHistories(Films, [.. Enumerable.Range(0, 60).Select(person => Enumerable.Range(person % 6, 4 + (person % 3)).ToArray())]);
        var model = ModelFit.Fit([.. Enumerable.Range(0, Films).Select(_ => Guid.NewGuid())], viewings, Settings, new ManagedSystem(), default);
        var scores = new float[Films];
        for (var part = 2; part < 7; part++)
        {
            model.Score([part - 1, part], scores);
            scores[part] = scores[part - 1] = float.NegativeInfinity;
            Assert.Equal(part + 1, Array.IndexOf(scores, scores.Max()));
            Assert.Equal(part, model.ReasonFor([part - 1, part], part + 1));
        }
    }

    [Fact]
    public void Fit_OfHistoriesLongerThanItLooks_IsThatOfTheirEnds()
    {
        var viewings = Random(20);
        var settings = Settings with { MaxHistory = 5 };
        var ends = viewings with { Histories = [.. viewings.Histories.Select(history => history[^Math.Min(5, history.Length)..])] };
        Assert.Equal(EaseFit.Fit(ends, Settings, new ManagedSystem()), EaseFit.Fit(viewings, settings, new ManagedSystem()));
        Assert.Equal(NextFilmFit.Fit(ends, Settings, new ManagedSystem()).Long, NextFilmFit.Fit(viewings, settings, new ManagedSystem()).Long);
    }

    private static ViewingHistories Random(int people)
    {
        var random = new Random(11);
        return new ViewingHistories(Films, [.. Enumerable.Range(0, people).Select(_ =>
        {
            var films = Enumerable.Range(0, Films).ToArray();
            random.Shuffle(films);
            return films[..random.Next(1, Films)];
        })]);
    }

    // (XᵀX + λ)⁻¹ Xᵀy by Gauss and Jordan.
    private static double[] Ridge(double[][] inputs, double[] targets, double ridge)
    {
        var count = inputs[0].Length;
        var rows = new double[count][];
        for (var row = 0; row < count; row++)
        {
            rows[row] = new double[count + 1];
            for (var column = 0; column < count; column++) rows[row][column] = inputs.Sum(input => input[row] * input[column]) + (row == column ? ridge : 0);
            rows[row][count] = inputs.Zip(targets, (input, target) => input[row] * target).Sum();
        }

        for (var pivot = 0; pivot < count; pivot++)
        {
            for (var row = 0; row < count; row++)
            {
                if (row == pivot) continue;
                var factor = rows[row][pivot] / rows[pivot][pivot];
                for (var column = pivot; column <= count; column++) rows[row][column] -= factor * rows[pivot][column];
            }
        }

        return [.. rows.Select((row, index) => row[count] / row[index])];
    }
}
