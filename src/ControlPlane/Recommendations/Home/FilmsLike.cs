using Movento.ControlPlane.Recommendations.Models;

namespace Movento.ControlPlane.Recommendations.Home;

/// <summary>What comes after what was watched: as the model has it, and where it knows nothing of it, by what films are like.</summary>
internal static class FilmsLike
{
    /// <summary>What the film before counts of the one after it, where likeness answers: as in the long memory of a model.</summary>
    public const float TasteDecay = 0.9f;

    /// <param name="history">The last seen last.</param>
    /// <param name="seen">Films that are no answer.</param>
    /// <param name="model">Null where there is none.</param>
    /// <param name="likeness">What films are like.</param>
    /// <param name="most">How many.</param>
    /// <returns>The likeliest first.</returns>
    public static IReadOnlyList<Guid> Find(IReadOnlyList<Guid> history, HashSet<Guid> seen, RecommendationModel? model, Likeness likeness, int most)
    {
        int[] places = model is null ? [] : [.. history.Select(model.PlaceOf).OfType<int>()];
        if (places.Length == 0) return likeness.Find(history, TasteDecay, film => !seen.Contains(film), most);
        var scores = new float[model!.Films.Length];
        model.Score(places, scores);
        foreach (var film in seen)
        {
            if (model.PlaceOf(film) is { } place) scores[place] = float.NegativeInfinity;
        }

        var best = new int[most];
        var count = BestPlaces.Find(scores, best);
        // What speaks against itself is no recommendation.
        return [.. best.Take(count).Where(place => scores[place] > 0).Select(place => model.Films[place])];
    }
}
