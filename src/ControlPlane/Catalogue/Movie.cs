using Movento.ControlPlane.Catalogue.Details;

namespace Movento.ControlPlane.Catalogue;

/// <summary>A film as anybody may see it.</summary>
/// <param name="Id">Of its asset, 32 lower-case hexadecimal digits.</param>
/// <param name="Title">In the language that was asked for, where there is one. Any characters: whoever shows it escapes it.</param>
/// <param name="DurationSeconds">Of the presentation.</param>
/// <param name="Width">Of the highest rung, in pixels; 0 without video.</param>
/// <param name="Height">Of the highest rung, in pixels; 0 without video.</param>
/// <param name="PosterUrl">A signed URL on the edge; null where the film has no poster.</param>
/// <param name="PublishedAt">When it appeared, in UTC.</param>
/// <param name="IsGrowing">Whether it is still made: it can be played from its beginning as far as it goes. Its length and size are what is expected then.</param>
/// <param name="ReleaseYear">Null where nobody said it.</param>
/// <param name="AgeRating">Null where nobody said it.</param>
/// <param name="Genres">None where nobody said it.</param>
/// <param name="Episode">Its place where it is an episode.</param>
internal record Movie(
    string Id,
    string Title,
    double DurationSeconds,
    int Width,
    int Height,
    string? PosterUrl,
    DateTime PublishedAt,
    bool IsGrowing,
    int? ReleaseYear,
    AgeRating? AgeRating,
    IReadOnlyList<string> Genres,
    EpisodePlace? Episode);

/// <summary>A film with everything that is said of it.</summary>
internal sealed record DescribedMovie : Movie
{
    public DescribedMovie(Movie movie)
        : base(movie)
    {
    }

    /// <summary>Null where nobody said anything.</summary>
    public required string? Description { get; init; }

    /// <summary>By language (BCP 47).</summary>
    public required IReadOnlyDictionary<string, string?> Titles { get; init; }

    public required IReadOnlyList<Person?> People { get; init; }

    public required IReadOnlyList<Artwork?> Artwork { get; init; }
}
