using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Movento.ControlPlane.Recommendations.Models;

/// <summary>
/// What is known of films from who has watched what after what. It knows films alone: people come in with their histories, so that what somebody has just
/// seen counts at once. Never changes; a new fit is a new model.
/// </summary>
internal sealed class RecommendationModel
{
    /// <summary>More of a history is not looked at.</summary>
    public const int MaxHistory = 200;

    private readonly FrozenDictionary<Guid, int> _places;

    /// <param name="films">Each at its place.</param>
    /// <param name="popularity">How often each was watched.</param>
    /// <param name="terms">What is added up; each of as many films.</param>
    public RecommendationModel(ImmutableArray<Guid> films, ImmutableArray<float> popularity, ImmutableArray<ModelTerm> terms)
    {
        if (popularity.Length != films.Length || terms.Any(term => term.Weights.Films != films.Length))
            throw new ArgumentException("Of every film its popularity, and its weights.", nameof(terms));
        (Films, Popularity, Terms) = (films, popularity, terms);
        _places = films.Select((film, place) => KeyValuePair.Create(film, place)).ToFrozenDictionary();
    }

    public ImmutableArray<Guid> Films { get; }

    public ImmutableArray<float> Popularity { get; }

    public ImmutableArray<ModelTerm> Terms { get; }

    /// <summary>The place of a film; null where the model does not know it.</summary>
    public int? PlaceOf(Guid film) => _places.TryGetValue(film, out var place) ? place : null;

    /// <summary>Scores every film for somebody: the higher, the likelier it comes next.</summary>
    /// <param name="history">The places of what was seen, the last seen last.</param>
    /// <param name="scores">One for each film; overwritten.</param>
    public void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        scores[..Films.Length].Clear();
        foreach (var term in Terms)
        {
            for (var age = 0; age < history.Length && age < MaxHistory; age++)
            {
                var factor = term.FactorOf(age);
                if (factor == 0) break;
                term.Weights.AddTo(scores, history[^(age + 1)], factor);
            }
        }
    }

    /// <summary>Which film of a history speaks most for a film.</summary>
    /// <param name="history">The places of what was seen, the last seen last.</param>
    /// <param name="film">The place of the film.</param>
    /// <returns>The place of what was seen; null where nothing speaks for it.</returns>
    public int? ReasonFor(ReadOnlySpan<int> history, int film)
    {
        int? reason = null;
        var most = 0f;
        for (var age = 0; age < history.Length && age < MaxHistory; age++)
        {
            var seen = history[^(age + 1)];
            var says = 0f;
            foreach (var term in Terms) says += term.FactorOf(age) * term.Weights.Of(seen, film);
            if (says > most) (most, reason) = (says, seen);
        }

        return reason;
    }
}
