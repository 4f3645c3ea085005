using Movento.Contracts;
using Movento.ControlPlane.Delivery;

namespace Movento.ControlPlane.Catalogue;

/// <summary>A published film as anybody may see it.</summary>
/// <param name="Id">Of its asset, 32 lower-case hexadecimal digits.</param>
/// <param name="Title">Any characters: whoever shows it escapes it.</param>
/// <param name="DurationSeconds">Of the presentation.</param>
/// <param name="Width">Of the highest rung, in pixels; 0 without video.</param>
/// <param name="Height">Of the highest rung, in pixels; 0 without video.</param>
/// <param name="PosterUrl">A signed URL on the edge; null where the film has no poster.</param>
/// <param name="PublishedAt">When its first version was published, in UTC.</param>
internal sealed record Movie(
    string Id, string Title, double DurationSeconds, int Width, int Height, string? PosterUrl, DateTime PublishedAt);

/// <summary>A published film as the table <c>movies</c> holds it.</summary>
internal sealed class MovieRow
{
    /// <summary>The columns of this row, for a SELECT from <c>movies</c>.</summary>
    public const string Columns =
        "id AS Id, coalesce(edited_title, announced_title) AS Title, version AS Version, duration_seconds AS DurationSeconds, " +
        "width AS Width, height AS Height, has_poster AS HasPoster, published_at AS PublishedAt";

    public required Guid Id { get; init; }
    public required string Title { get; init; }
    public required int Version { get; init; }
    public required double DurationSeconds { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required bool HasPoster { get; init; }
    public required DateTime PublishedAt { get; init; }

    public AssetId Asset => new(Id);

    public Movie ToMovie(EdgeUrls edge) => new(
        Asset.ToString(), Title, DurationSeconds, Width, Height, HasPoster ? edge.Poster(Asset, Version) : null, PublishedAt);
}
