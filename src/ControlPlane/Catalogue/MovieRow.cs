using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Delivery;

namespace Movento.ControlPlane.Catalogue;

/// <summary>A film that can be played as the table <c>movies</c> holds it.</summary>
internal sealed class MovieRow
{
    /// <summary>The columns of this row, for a SELECT from <c>movies</c>, with the parameter <c>language</c>.</summary>
    public const string Columns =
        "id AS Id, coalesce(titles ->> @language, titles ->> split_part(@language, '-', 1), edited_title, announced_title) AS Title, version = 0 AS IsGrowing, " +
        "CASE WHEN version > 0 THEN version ELSE growing_version END AS Version, " +
        "CASE WHEN version > 0 THEN duration_seconds ELSE growing_seconds END AS DurationSeconds, " +
        "CASE WHEN version > 0 THEN width ELSE growing_width END AS Width, CASE WHEN version > 0 THEN height ELSE growing_height END AS Height, " +
        "has_poster AS HasPoster, coalesce(appears_at, published_at, growing_at) AS PublishedAt, release_year AS ReleaseYear, age_rating AS AgeRating, " +
        $"{Age} AS MinimumAge, genres AS Genres, series_id AS SeriesId, season AS Season, episode AS Episode";

    // An episode that nobody rated is rated as its series is.
    private const string Age = "coalesce(minimum_age, (SELECT s.minimum_age FROM series s WHERE s.id = movies.series_id))";

    /// <summary>What <see cref="ToDescribedMovie"/> needs besides.</summary>
    public const string DescriptionColumns = "description AS Description, titles::text AS Titles, people::text AS People, artwork::text AS Artwork";

    /// <summary>Whether a row of <c>movies</c> can be played: a version is whole, or one grows.</summary>
    public const string IsPlayable = "(version > 0 OR growing_version > 0)";

    /// <summary>
    /// Whether a viewer in <c>country</c> may find and play it at <c>now</c>; those are parameters. An episode is open where its series is, too.
    /// </summary>
    public const string IsVisible =
        "(appears_at IS NOT NULL AND (publish_at IS NULL OR publish_at <= @now) AND (windows IS NULL OR is_open(windows, @country, @now)) AND (series_id IS NULL OR EXISTS (" +
        "SELECT FROM series s WHERE s.id = movies.series_id AND s.appears_at IS NOT NULL AND (s.publish_at IS NULL OR s.publish_at <= @now) " +
        "AND (s.windows IS NULL OR is_open(s.windows, @country, @now)))))";

    /// <summary>Whether it is for whoever is <c>maximumAge</c>, a parameter, which is null for everybody.</summary>
    public const string IsForAge =
        $"(@maximumAge IS NULL OR {Age} <= @maximumAge)";

    public required Guid Id { get; init; }
    public required string Title { get; init; }
    public required bool IsGrowing { get; init; }
    public required int Version { get; init; }
    public required double DurationSeconds { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required bool HasPoster { get; init; }
    public required DateTime PublishedAt { get; init; }
    public short? ReleaseYear { get; init; }
    public string? AgeRating { get; init; }
    /// <summary>In years; of an episode that nobody rated, its series's; null where that is unknown, too.</summary>
    public short? MinimumAge { get; init; }
    public required string[] Genres { get; init; }
    public Guid? SeriesId { get; init; }
    public short? Season { get; init; }
    public short? Episode { get; init; }
    public string? Description { get; init; }
    public string? Titles { get; init; }
    public string? People { get; init; }
    public string? Artwork { get; init; }

    public AssetId Asset => new(Id);

    public Movie ToMovie(EdgeUrls edge) => new(
        Asset.ToString(), Title, DurationSeconds, Width, Height, HasPoster ? edge.Poster(Asset, Version) : null, PublishedAt, IsGrowing, ReleaseYear,
        DetailsRow.Rating(AgeRating, MinimumAge), Genres, SeriesId is { } series ? new EpisodePlace(new AssetId(series).ToString(), Season, Episode) : null);

    public DescribedMovie ToDescribedMovie(EdgeUrls edge) => new(ToMovie(edge))
    {
        Description = Description,
        Titles = DetailsRow.TitlesOf(Titles!),
        People = DetailsRow.PeopleOf(People!),
        Artwork = DetailsRow.ArtworkOf(Artwork!),
    };
}
