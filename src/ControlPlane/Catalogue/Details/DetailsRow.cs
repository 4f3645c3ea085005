using System.Text.Json;
using Movento.Contracts;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>What editors said, as the tables <c>movies</c> and <c>series</c> hold it.</summary>
internal sealed class DetailsRow
{
    /// <summary>The columns that both tables have, for a SELECT.</summary>
    public const string Columns =
        "id AS Id, team_id AS Team, revision AS Revision, edited_title AS Title, titles::text AS Titles, description AS Description, release_year AS ReleaseYear, " +
        "age_rating AS AgeRating, minimum_age AS MinimumAge, genres AS Genres, people::text AS People, artwork::text AS Artwork, " +
        "windows::text AS Windows, is_draft AS IsDraft, publish_at AS PublishAt";

    public const string MovieColumns = Columns + ", series_id AS SeriesId, season AS Season, episode AS Episode, announced_title AS AnnouncedTitle";

    public const string SeriesColumns = Columns + ", seasons::text AS Seasons";

    /// <summary>For an UPDATE with <see cref="SaidDetails"/>.</summary>
    public const string Assignments =
        "revision = nextval('revisions'), edited_title = @Title, titles = @Titles::jsonb, description = @Description, release_year = @ReleaseYear, " +
        "age_rating = @AgeRating, minimum_age = @MinimumAge, genres = @Genres, people = @People::jsonb, artwork = @Artwork::jsonb, " +
        "windows = @Windows::jsonb, is_draft = @IsDraft, publish_at = @PublishAt";

    /// <summary>For an UPDATE: as if nobody had said anything. Whether it is a draft then, the statement says itself.</summary>
    public const string NothingSaid =
        "revision = nextval('revisions'), edited_title = NULL, titles = '{}', description = NULL, release_year = NULL, age_rating = NULL, minimum_age = NULL, " +
        "genres = '{}', people = '[]', artwork = '[]', windows = NULL, publish_at = NULL";

    /// <summary>For an INSERT.</summary>
    public const string InsertColumns =
        "revision, edited_title, titles, description, release_year, age_rating, minimum_age, genres, people, artwork, windows, is_draft, publish_at";

    /// <summary>For an INSERT with <see cref="SaidDetails"/>.</summary>
    public const string InsertValues =
        "nextval('revisions'), @Title, @Titles::jsonb, @Description, @ReleaseYear, @AgeRating, @MinimumAge, @Genres, @People::jsonb, @Artwork::jsonb, " +
        "@Windows::jsonb, @IsDraft, @PublishAt";

    public required Guid Id { get; init; }
    public Guid? Team { get; init; }
    public required long Revision { get; init; }
    public string? Title { get; init; }
    public string? AnnouncedTitle { get; init; }
    public required string Titles { get; init; }
    public string? Description { get; init; }
    public short? ReleaseYear { get; init; }
    public string? AgeRating { get; init; }
    public short? MinimumAge { get; init; }
    public required string[] Genres { get; init; }
    public required string People { get; init; }
    public required string Artwork { get; init; }
    public string? Windows { get; init; }
    public required bool IsDraft { get; init; }
    public DateTime? PublishAt { get; init; }
    public Guid? SeriesId { get; init; }
    public short? Season { get; init; }
    public short? Episode { get; init; }
    public string? Seasons { get; init; }

    /// <summary>A word of <see cref="PublicationStatus"/>.</summary>
    public string StatusAt(DateTime now) =>
        IsDraft ? PublicationStatus.Draft : PublishAt > now ? PublicationStatus.Scheduled : PublicationStatus.Published;

    public MovieDetails ToMovie(DateTime now) => new()
    {
        Title = Title,
        Titles = TitlesOf(Titles),
        Description = Description,
        ReleaseYear = ReleaseYear,
        AgeRating = Rating(AgeRating, MinimumAge),
        Genres = Genres,
        People = PeopleOf(People),
        Artwork = ArtworkOf(Artwork),
        Status = StatusAt(now),
        PublishAt = PublishAt is { } at ? Moment.Write(at) : null,
        Windows = WindowsOf(Windows),
        Episode = SeriesId is { } series ? new EpisodePlace(new AssetId(series).ToString(), Season, Episode) : null,
    };

    public SeriesDetails ToSeries(DateTime now) => new()
    {
        Title = Title,
        Titles = TitlesOf(Titles),
        Description = Description,
        ReleaseYear = ReleaseYear,
        AgeRating = Rating(AgeRating, MinimumAge),
        Genres = Genres,
        People = PeopleOf(People),
        Artwork = ArtworkOf(Artwork),
        Status = StatusAt(now),
        PublishAt = PublishAt is { } at ? Moment.Write(at) : null,
        Windows = WindowsOf(Windows),
        Seasons = SeasonsOf(Seasons),
    };

    public static AgeRating? Rating(string? label, short? minimumAge) => label is null ? null : new AgeRating(label, minimumAge);

    public static IReadOnlyDictionary<string, string?> TitlesOf(string json) =>
        JsonSerializer.Deserialize(json, ControlPlaneJson.Default.IReadOnlyDictionaryStringString)!;

    public static IReadOnlyList<Person?> PeopleOf(string json) => JsonSerializer.Deserialize(json, ControlPlaneJson.Default.IReadOnlyListPerson)!;

    public static IReadOnlyList<Artwork?> ArtworkOf(string json) => JsonSerializer.Deserialize(json, ControlPlaneJson.Default.IReadOnlyListArtwork)!;

    public static IReadOnlyList<SeasonDetails?> SeasonsOf(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, ControlPlaneJson.Default.IReadOnlyListSeasonDetails)!;

    private static IReadOnlyList<AvailabilityWindow?>? WindowsOf(string? json) =>
        json is null ? null : JsonSerializer.Deserialize(json, ControlPlaneJson.Default.IReadOnlyListAvailabilityWindow)!;
}
