using System.Globalization;
using System.Runtime.InteropServices;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>What was found, a page of it.</summary>
/// <param name="Keys">The best first.</param>
/// <param name="Total">How many were found.</param>
/// <param name="IsBounded">Whether there may be more than were looked at.</param>
/// <param name="Facets">Of everything that was found.</param>
/// <param name="IsCorrected">Whether nothing is called that, and what may have been meant was found.</param>
internal sealed record FoundPage(IReadOnlyList<FoundKey> Keys, int Total, bool IsBounded, SearchFacets Facets, bool IsCorrected)
{
    public static readonly FoundPage Nothing = new([], 0, false, new SearchFacets([], [], [], []), false);

    /// <summary>The page of what is open among what matches.</summary>
    /// <param name="candidates">In any order; of one that is there twice, the better counts.</param>
    /// <param name="windows">Where and when it is looked for.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="limit">Rows of the page.</param>
    public static FoundPage Of(IReadOnlyList<Candidate> candidates, OpenWindows windows, PageCursor? after, int limit)
    {
        var open = new List<Candidate>(candidates.Count);
        var known = new HashSet<Guid>(candidates.Count);
        var (kinds, genres, decades, ages) = (new Tally(), new Tally(), new Tally(), new Tally());
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Score).ThenByDescending(candidate => candidate.Id))
        {
            if (!windows.Include(candidate.Windows) || !known.Add(candidate.Id)) continue;
            open.Add(candidate);
            kinds.Count(candidate.Kind);
            foreach (var genre in candidate.Genres) genres.Count(genre);
            if (candidate.ReleaseYear is { } year) decades.Count((year / 10 * 10).ToString(CultureInfo.InvariantCulture));
            if (candidate.MinimumAge is { } age) ages.Count(age.ToString(CultureInfo.InvariantCulture));
        }

        var total = open.Count;
        if (after is { } end) open.RemoveAll(candidate => (candidate.Score, candidate.Id).CompareTo((end.Order, end.Id)) >= 0);
        var keys = open.Take(limit).Select(candidate => new FoundKey(candidate.Kind, new PageCursor(candidate.Score, candidate.Id)));
        return new FoundPage(
            [.. keys], total, candidates.Any(candidate => candidate.IsBounded), new SearchFacets(kinds.Values, genres.Values, decades.Values, ages.Values), IsCorrected: false);
    }

    private readonly struct Tally()
    {
        private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

        public void Count(string value) => CollectionsMarshal.GetValueRefOrAddDefault(_counts, value, out _)++;

        /// <summary>The most frequent first.</summary>
        public IReadOnlyList<FacetValue> Values =>
            [.. _counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new FacetValue(pair.Key, pair.Value))];
    }
}

/// <summary>A film or a series, and its place among what was found.</summary>
internal readonly record struct FoundKey(string Kind, PageCursor Place);

/// <summary>How often which value is found, the most frequent first.</summary>
/// <param name="Kinds">Films, series.</param>
/// <param name="Genres">One may have several.</param>
/// <param name="Decades">Of the release: 1990.</param>
/// <param name="MinimumAges">In years.</param>
internal sealed record SearchFacets(
    IReadOnlyList<FacetValue> Kinds, IReadOnlyList<FacetValue> Genres, IReadOnlyList<FacetValue> Decades, IReadOnlyList<FacetValue> MinimumAges);

/// <param name="Value">As a filter takes it.</param>
/// <param name="Count">How many have it.</param>
internal sealed record FacetValue(string Value, int Count);
