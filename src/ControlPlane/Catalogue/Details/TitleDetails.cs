using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Movento.ApiDescription;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>What editors say of a film or a series, whole: what is not said is null or empty. The limits are those of <see cref="DetailsRules"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal abstract record TitleDetails
{
    /// <summary>Null for a film leaves it the title that it was uploaded with.</summary>
    [MinLength(1), MaxLength(DetailsRules.MaxTitleLength)]
    public string? Title { get; init; }

    /// <summary>Titles by language (BCP 47).</summary>
    public IReadOnlyDictionary<string, string?>? Titles { get; init; }

    /// <summary>Plain text; may have line breaks.</summary>
    [MaxLength(DetailsRules.MaxDescriptionLength)]
    public string? Description { get; init; }

    [Range(DetailsRules.FirstYear, DetailsRules.LastYear)]
    public int? ReleaseYear { get; init; }
    public AgeRating? AgeRating { get; init; }

    /// <summary>Words such as <c>science-fiction</c>.</summary>
    [MaxLength(DetailsRules.MaxGenres)]
    public IReadOnlyList<string?>? Genres { get; init; }

    /// <summary>In the order of the credits.</summary>
    [MaxLength(DetailsRules.MaxPeople)]
    public IReadOnlyList<Person?>? People { get; init; }

    [MaxLength(DetailsRules.MaxArtwork)]
    public IReadOnlyList<Artwork?>? Artwork { get; init; }

    /// <summary>Whether viewers may find it; <c>published</c> where nothing is said.</summary>
    [Words(typeof(PublicationStatus))]
    public string? Status { get; init; }

    /// <summary>When it is or was published, RFC 3339; null for when it could be played first.</summary>
    public string? PublishAt { get; init; }

    /// <summary>Where and when it is open; null for everywhere and always.</summary>
    [MaxLength(DetailsRules.MaxWindows)]
    public IReadOnlyList<AvailabilityWindow?>? Windows { get; init; }
}
