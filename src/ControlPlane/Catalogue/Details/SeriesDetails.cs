using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>What editors say of a series.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SeriesDetails : TitleDetails
{
    /// <summary>What is said of seasons. One of which nothing is said is there all the same once it has an episode.</summary>
    [MaxLength(DetailsRules.MaxSeasons)]
    public IReadOnlyList<SeasonDetails?>? Seasons { get; init; }
}

/// <summary>What editors say of a season.</summary>
/// <param name="Number">From 0, which is where specials are.</param>
/// <param name="Title">Null for none.</param>
/// <param name="Description">Null for none.</param>
internal sealed record SeasonDetails(
    [property: Required, Range(0, DetailsRules.MaxNumber)] int? Number,
    [property: MaxLength(DetailsRules.MaxTitleLength)] string? Title,
    [property: MaxLength(DetailsRules.MaxDescriptionLength)] string? Description);
