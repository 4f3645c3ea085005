using Movento.Contracts;
using Movento.ControlPlane.Delivery;

namespace Movento.ControlPlane.Catalogue;

/// <summary>A film as anybody may see it.</summary>
/// <param name="Id">Of its asset, 32 lower-case hexadecimal digits.</param>
/// <param name="Title">Any characters: whoever shows it escapes it.</param>
/// <param name="DurationSeconds">Of the presentation.</param>
/// <param name="Width">Of the highest rung, in pixels; 0 without video.</param>
/// <param name="Height">Of the highest rung, in pixels; 0 without video.</param>
/// <param name="PosterUrl">A signed URL on the edge; null where the film has no poster.</param>
/// <param name="PublishedAt">When its first version was published, in UTC; of a film that grows, when it could be played first.</param>
/// <param name="IsGrowing">Whether it is still made: it can be played from its beginning as far as it goes. Its length and size are what is expected then.</param>
internal sealed record Movie(
    string Id, string Title, double DurationSeconds, int Width, int Height, string? PosterUrl, DateTime PublishedAt, bool IsGrowing);

/// <summary>A film that can be played as the table <c>movies</c> holds it.</summary>
internal sealed class MovieRow
{
    /// <summary>The columns of this row, for a SELECT from <c>movies</c>.</summary>
    public const string Columns =
        "id AS Id, coalesce(edited_title, announced_title) AS Title, version = 0 AS IsGrowing, " +
        "CASE WHEN version > 0 THEN version ELSE growing_version END AS Version, " +
        "CASE WHEN version > 0 THEN duration_seconds ELSE growing_seconds END AS DurationSeconds, " +
        "CASE WHEN version > 0 THEN width ELSE growing_width END AS Width, CASE WHEN version > 0 THEN height ELSE growing_height END AS Height, " +
        $"has_poster AS HasPoster, {Moment} AS PublishedAt";

    /// <summary>Whether a row of <c>movies</c> can be played: a version is whole, or one grows.</summary>
    public const string IsPlayable = "(version > 0 OR growing_version > 0)";

    /// <summary>When the film appeared; what the list is ordered by, with an index of its own.</summary>
    public const string Moment = "coalesce(published_at, growing_at)";

    public required Guid Id { get; init; }
    public required string Title { get; init; }
    public required bool IsGrowing { get; init; }
    public required int Version { get; init; }
    public required double DurationSeconds { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required bool HasPoster { get; init; }
    public required DateTime PublishedAt { get; init; }

    public AssetId Asset => new(Id);

    public Movie ToMovie(EdgeUrls edge) => new(
        Asset.ToString(), Title, DurationSeconds, Width, Height, HasPoster ? edge.Poster(Asset, Version) : null, PublishedAt, IsGrowing);
}
