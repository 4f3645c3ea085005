namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>What is looked for besides words; null and none for whatever it is.</summary>
/// <param name="Kind"><see cref="MovieKind"/> or <see cref="SeriesKind"/>.</param>
/// <param name="Genres">All of them.</param>
/// <param name="YearFrom">Of the release, from this one.</param>
/// <param name="YearTo">Of the release, up to this one.</param>
/// <param name="MaxAge">For whoever is so old, in years; what nobody rated is not.</param>
internal sealed record SearchFilter(string? Kind, string[] Genres, short? YearFrom, short? YearTo, short? MaxAge)
{
    public const string MovieKind = "movie";
    public const string SeriesKind = "series";

    /// <summary>The condition in SQL, with the members as parameters; only what is asked for, so that the planner knows.</summary>
    public string Condition =>
        "(publish_at IS NULL OR publish_at <= @now)"
        + (Kind is null ? "" : " AND kind = @Kind")
        + (Genres.Length == 0 ? "" : " AND genres @> @Genres")
        + (YearFrom is null ? "" : " AND release_year >= @YearFrom")
        + (YearTo is null ? "" : " AND release_year <= @YearTo")
        + (MaxAge is null ? "" : " AND minimum_age <= @MaxAge");
}
