using Movento.ControlPlane.Catalogue.Details;

namespace Movento.ControlPlane.Catalogue.Series;

/// <summary>A series as anybody may see it.</summary>
/// <param name="Id">32 lower-case hexadecimal digits.</param>
/// <param name="Title">In the language that was asked for, where there is one.</param>
/// <param name="PublishedAt">When it appeared, in UTC.</param>
/// <param name="ReleaseYear">Null where nobody said it.</param>
/// <param name="AgeRating">Null where nobody said it.</param>
/// <param name="Genres">None where nobody said it.</param>
internal record SeriesSummary(string Id, string Title, DateTime PublishedAt, int? ReleaseYear, AgeRating? AgeRating, IReadOnlyList<string> Genres);

/// <summary>A series with everything that is said of it.</summary>
internal sealed record DescribedSeries : SeriesSummary
{
    public DescribedSeries(SeriesSummary series)
        : base(series)
    {
    }

    public required string? Description { get; init; }

    /// <summary>By language (BCP 47).</summary>
    public required IReadOnlyDictionary<string, string?> Titles { get; init; }

    public required IReadOnlyList<Person?> People { get; init; }

    public required IReadOnlyList<Artwork?> Artwork { get; init; }

    /// <summary>Those that have an episode to watch, or of which something is said; in order.</summary>
    public required IReadOnlyList<Season> Seasons { get; init; }
}

/// <summary>A season as anybody may see it.</summary>
/// <param name="Number">0 for specials.</param>
/// <param name="Title">Null where it has none.</param>
/// <param name="Description">Null where nobody said anything.</param>
/// <param name="Episodes">How many can be watched.</param>
internal sealed record Season(int Number, string? Title, string? Description, int Episodes);
