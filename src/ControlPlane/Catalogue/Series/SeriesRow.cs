using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Series;

/// <summary>A series as the table holds it.</summary>
internal sealed class SeriesRow
{
    public static readonly Problem NotFound = Problem.NotFound("There is no such series, or it is not published.");

    /// <summary>The columns of this row, with the parameter <c>language</c>.</summary>
    public const string Columns =
        "id AS Id, coalesce(titles ->> @language, titles ->> split_part(@language, '-', 1), edited_title) AS Title, " +
        "coalesce(appears_at, created_at) AS PublishedAt, release_year AS ReleaseYear, age_rating AS AgeRating, minimum_age AS MinimumAge, genres AS Genres";

    /// <summary>Whether a viewer in <c>country</c> may find it at <c>now</c>; those are parameters.</summary>
    public const string IsVisible = "(appears_at IS NOT NULL AND (publish_at IS NULL OR publish_at <= @now) AND (windows IS NULL OR is_open(windows, @country, @now)))";

    /// <summary>Whether it is for whoever is <c>maximumAge</c>, a parameter, which is null for everybody.</summary>
    public const string IsForAge = "(@maximumAge IS NULL OR minimum_age <= @maximumAge)";

    public required Guid Id { get; init; }
    public required string Title { get; init; }
    public required DateTime PublishedAt { get; init; }
    public short? ReleaseYear { get; init; }
    public string? AgeRating { get; init; }
    public short? MinimumAge { get; init; }
    public required string[] Genres { get; init; }
    public string? Description { get; init; }
    public string? Titles { get; init; }
    public string? People { get; init; }
    public string? Artwork { get; init; }
    public string? Seasons { get; init; }

    public SeriesSummary ToSummary() =>
        new(new AssetId(Id).ToString(), Title, PublishedAt, ReleaseYear, DetailsRow.Rating(AgeRating, MinimumAge), Genres);

    /// <param name="episodes">How many of each season can be watched.</param>
    public DescribedSeries ToDescribedSeries(IReadOnlyDictionary<int, int> episodes)
    {
        var said = DetailsRow.SeasonsOf(Seasons).OfType<SeasonDetails>().ToDictionary(season => season.Number ?? 0);
        return new DescribedSeries(ToSummary())
        {
            Description = Description,
            Titles = DetailsRow.TitlesOf(Titles!),
            People = DetailsRow.PeopleOf(People!),
            Artwork = DetailsRow.ArtworkOf(Artwork!),
            Seasons =
            [
                .. said.Keys.Union(episodes.Keys).Order().Select(number =>
                    new Season(number, said.GetValueOrDefault(number)?.Title, said.GetValueOrDefault(number)?.Description, episodes.GetValueOrDefault(number))),
            ],
        };
    }
}
