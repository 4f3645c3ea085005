using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>What editors say of a film.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record MovieDetails : TitleDetails
{
    /// <summary>Its place where it is an episode; null for a film of its own.</summary>
    public EpisodePlace? Episode { get; init; }
}

/// <summary>Where in a series an episode stands.</summary>
/// <param name="SeriesId">32 lower-case hexadecimal digits.</param>
/// <param name="Season">From 0, which is where specials are.</param>
/// <param name="Number">From 0.</param>
internal sealed record EpisodePlace(
    [property: Required] string? SeriesId,
    [property: Required, Range(0, DetailsRules.MaxNumber)] int? Season,
    [property: Required, Range(0, DetailsRules.MaxNumber)] int? Number);
