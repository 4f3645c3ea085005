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

    /// <summary>
    /// Kind and genres as marks among the words that the database's index holds (a tsquery); null where any will do. Genres are letters, digits and hyphens.
    /// </summary>
    public string? Marks => Kind is null && Genres.Length == 0 ? null : string.Join(" & ", Genres.Select(genre => $"'@{genre}'").Concat(Kind is null ? [] : [$"'={Kind}'"]));

    /// <summary>
    /// What is not among the marks as a condition in SQL, with the members as parameters; only what is asked for, so that the planner knows.
    /// </summary>
    /// <param name="isAlone">Whether no words are looked for, so that an index of years helps; beside words, to look through it takes longer than they do.</param>
    public string Condition(bool isAlone)
    {
        var year = isAlone ? "release_year" : "release_year + 0";
        return "(publish_at IS NULL OR publish_at <= @now)"
            + (YearFrom is null ? "" : $" AND {year} >= @YearFrom")
            + (YearTo is null ? "" : $" AND {year} <= @YearTo")
            + (MaxAge is null ? "" : " AND minimum_age <= @MaxAge");
    }
}
