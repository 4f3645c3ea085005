using System.Collections.Immutable;
using Movento.ControlPlane.Recommendations.Models;

namespace Movento.ControlPlane.Recommendations.Fitting;

/// <summary>
/// From histories to a model: the next film's weights in two memories, and a share of EASE in the long one. Of N films the peak is 24·N² bytes beside the
/// model's 4·N²: 400 MB for 4,000 films.
/// </summary>
internal static class ModelFit
{
    /// <param name="films">The id of each film of <paramref name="viewings"/>.</param>
    /// <param name="viewings">Who has watched what.</param>
    /// <param name="settings">See there.</param>
    /// <param name="system">What solves the regressions.</param>
    /// <param name="cancellationToken">Looked at between the regressions, not in one.</param>
    public static RecommendationModel Fit(
        ImmutableArray<Guid> films, ViewingHistories viewings, FitSettings settings, LinearSystem system, CancellationToken cancellationToken)
    {
        var (shortWeights, longWeights) = NextFilmFit.Fit(viewings, settings, system);
        cancellationToken.ThrowIfCancellationRequested();
        var ease = EaseFit.Fit(viewings, settings, system);
        cancellationToken.ThrowIfCancellationRequested();
        var count = viewings.Films;
        return new RecommendationModel(
            films,
            [.. viewings.Popularity()],
            [
                new ModelTerm(FilmWeights.Of(count, (seen, film) => shortWeights[(seen * count) + film]), settings.ShortDecay),
                new ModelTerm(
                    FilmWeights.Of(count, (seen, film) => longWeights[(seen * count) + film] + (settings.EaseShare * ease[(seen * count) + film])),
                    settings.LongDecay),
            ]);
    }
}
