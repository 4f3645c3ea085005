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
