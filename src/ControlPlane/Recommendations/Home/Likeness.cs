using System.Collections.Frozen;
using Movento.ControlPlane.Catalogue;

namespace Movento.ControlPlane.Recommendations.Home;

/// <summary>
/// How alike films are by what their editors said of them, for films that nobody has watched yet: genres and people, each weighing the more the fewer films
/// have it (the logarithm of the inverse share), and each film's weights of length one, so that a long cast says no more than a short one.
/// </summary>
internal sealed class Likeness
{
    private readonly FrozenDictionary<Guid, (int Trait, float Weight)[]> _traits;
    private readonly int _traitCount;

    /// <param name="films">The newest first.</param>
    public Likeness(IReadOnlyList<FilmTraits> films)
    {
        NewestFirst = [.. films.Select(film => film.Id)];
        var named = films.Select(film => TraitsOf(film).Distinct(StringComparer.OrdinalIgnoreCase).ToArray()).ToArray();
        var numbers = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var counts = new List<int>();
        foreach (var trait in named.SelectMany(traits => traits))
        {
            if (!numbers.TryGetValue(trait, out var number))
            {
                numbers[trait] = number = counts.Count;
                counts.Add(0);
            }

            counts[number]++;
        }

        _traitCount = counts.Count;
        _traits = films.Zip(named, (film, traits) => KeyValuePair.Create(film.Id, Weigh(traits.Select(trait => numbers[trait])))).ToFrozenDictionary();

        (int, float)[] Weigh(IEnumerable<int> traits)
        {
            var weights = traits.Select(trait => (trait, Weight: MathF.Log(1 + ((float)films.Count / counts[trait])))).ToArray();
            var length = MathF.Sqrt(weights.Sum(weight => weight.Weight * weight.Weight));
            return [.. weights.Select(weight => (weight.trait, weight.Weight / length))];
        }
    }

    /// <summary>Every film there is, the newest first.</summary>
    public IReadOnlyList<Guid> NewestFirst { get; }

    /// <summary>What is most like a history among the films that <paramref name="isAsked"/> lets through, the most alike first; nothing that has nothing in common with it.</summary>
    /// <param name="history">Films, the last seen last.</param>
    /// <param name="decay">What the film before counts of the one after it.</param>
    /// <param name="isAsked">Which films may be answered.</param>
    /// <param name="most">How many.</param>
    public IReadOnlyList<Guid> Find(IReadOnlyList<Guid> history, float decay, Func<Guid, bool> isAsked, int most)
    {
        var taste = new float[_traitCount];
        var factor = 1f;
        for (var index = history.Count - 1; index >= 0; index--, factor *= decay)
        {
            foreach (var (trait, weight) in _traits.GetValueOrDefault(history[index], [])) taste[trait] += factor * weight;
        }

        var found = new PriorityQueue<Guid, float>();
        foreach (var film in NewestFirst)
        {
            if (!isAsked(film)) continue;
            var score = 0f;
            foreach (var (trait, weight) in _traits[film]) score += taste[trait] * weight;
            if (score <= 0) continue;
            if (found.Count < most) found.Enqueue(film, score);
            else found.EnqueueDequeue(film, score);
        }

        var films = new Guid[found.Count];
        for (var place = films.Length - 1; place >= 0; place--) films[place] = found.Dequeue();
        return films;
    }

    // A genre and a person may have the same name.
    private static IEnumerable<string> TraitsOf(FilmTraits film) => film.Genres.Select(genre => "g" + genre).Concat(film.People.Select(person => "p" + person));
}
