using Movento.ControlPlane.Recommendations.Fitting;

namespace Movento.ControlPlane.Recommendations.Evaluation;

/// <summary>Of every history the last film, to be guessed from the ones before it.</summary>
/// <param name="Known">The histories without it.</param>
/// <param name="Hidden">The film that came next, for each of them.</param>
internal sealed record LeaveLastOut(ViewingHistories Known, int[] Hidden)
{
    /// <param name="ratings">In any order; of the same moment, the earlier in the file is the earlier one.</param>
    /// <param name="least">Ratings below say nothing.</param>
    /// <param name="core">People and films with fewer are left out, until nobody has.</param>
    /// <exception cref="DatasetException">Nothing is left.</exception>
    public static LeaveLastOut Of(IEnumerable<Rating> ratings, float least, int core)
    {
        var kept = ratings.Where(rating => rating.Value >= least).ToList();
        for (var before = -1; before != kept.Count;)
        {
            before = kept.Count;
            var people = kept.CountBy(rating => rating.Person).ToDictionary();
            var films = kept.CountBy(rating => rating.Film).ToDictionary();
            kept.RemoveAll(rating => people[rating.Person] < core || films[rating.Film] < core);
        }

        var numbers = new Dictionary<int, int>();
        var histories = new List<int[]>();
        foreach (var person in kept.GroupBy(rating => rating.Person).OrderBy(person => person.Key))
        {
            var seen = person.OrderBy(rating => rating.At).Select(rating => rating.Film).Distinct().ToArray();
            if (seen.Length > 1) histories.Add(Array.ConvertAll(seen, film => numbers.TryGetValue(film, out var number) ? number : numbers[film] = numbers.Count));
        }

        if (histories.Count == 0) throw new DatasetException($"Nobody is left who rated two films {least} or more.");
        return new LeaveLastOut(new ViewingHistories(numbers.Count, [.. histories.Select(history => history[..^1])]), [.. histories.Select(history => history[^1])]);
    }
}
