using System.Collections.Immutable;
using System.Diagnostics;
using Movento.ControlPlane.Recommendations.Fitting;
using Movento.ControlPlane.Recommendations.Models;

namespace Movento.ControlPlane.Recommendations.Evaluation;

/// <summary>Measures the models on a data set: full ranking, the last film of each history hidden, what was seen left out. What the service would use comes last.</summary>
public static class RecommendationEvaluation
{
    /// <summary>What was read.</summary>
    /// <param name="File">Its name.</param>
    /// <param name="People">Histories of two films and more.</param>
    /// <param name="Films">In them.</param>
    /// <param name="Viewings">In them, the hidden ones too.</param>
    public sealed record Dataset(string File, int People, int Films, int Viewings);

    /// <summary>How good a model was.</summary>
    /// <param name="Model">Its name.</param>
    /// <param name="Ndcg10">NDCG@10.</param>
    /// <param name="Recall10">Recall@10.</param>
    /// <param name="Recall20">Recall@20.</param>
    /// <param name="FitSeconds">What its fit took.</param>
    public sealed record Line(string Model, double Ndcg10, double Recall10, double Recall20, double FitSeconds);

    /// <param name="folder">With one of the files that <see cref="MovieLensFiles"/> names.</param>
    /// <param name="leastRating">Ratings below say nothing.</param>
    /// <param name="core">People and films with fewer ratings are left out.</param>
    /// <param name="read">Told what was read.</param>
    /// <param name="measured">Told of each model as soon as it was measured.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DatasetException">The folder holds no such data set.</exception>
    public static void Run(string folder, float leastRating, int core, Action<Dataset> read, Action<Line> measured, CancellationToken cancellationToken)
    {
        var (file, ratings) = MovieLensFiles.Read(folder);
        var split = LeaveLastOut.Of(ratings, leastRating, core);
        var films = split.Known.Films;
        read(new Dataset(file, split.Hidden.Length, films, split.Known.Histories.Sum(history => history.Length + 1)));

        var settings = new FitSettings();
        var popularity = split.Known.Popularity();
        Measure("popularity", () => (_, scores) => popularity.CopyTo(scores));
        FilmWeights? ease = null;
        Measure("EASE", () =>
        {
            var weights = EaseFit.Fit(split.Known, settings, LinearSystem.Best);
            ease = FilmWeights.Of(films, (seen, film) => weights[(seen * films) + film]);
            return Scored(new ModelTerm(ease, 1));
        });
        Measure("EASE, the latest counting most", () => Scored(new ModelTerm(ease!, settings.LongDecay)));
        Measure("next film in two memories, and EASE", () => ModelFit.Fit(Ids(films), split.Known, settings, LinearSystem.Best, cancellationToken).Score);

        RankingQuality.Scorer Scored(ModelTerm term) => new RecommendationModel(Ids(films), [.. popularity], [term]).Score;

        void Measure(string name, Func<RankingQuality.Scorer> fit)
        {
            var watch = Stopwatch.StartNew();
            var score = fit();
            var seconds = watch.Elapsed.TotalSeconds;
            var quality = RankingQuality.Of(split, score, cancellationToken);
            measured(new Line(name, quality.Ndcg10, quality.Recall10, quality.Recall20, seconds));
        }
    }

    private static ImmutableArray<Guid> Ids(int films) => [.. Enumerable.Range(1, films).Select(number => new Guid(number, 0, 0, new byte[8]))];
}
