using System.Text.Json.Serialization;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>What editors say of a film or a series, whole: what is not said is null or empty. The limits are those of <see cref="DetailsRules"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal abstract record TitleDetails
{
    /// <summary>Null for a film leaves it the title that it was uploaded with.</summary>
    public string? Title { get; init; }

    /// <summary>Titles by language (BCP 47).</summary>
    public IReadOnlyDictionary<string, string?>? Titles { get; init; }

    /// <summary>Plain text; may have line breaks.</summary>
    public string? Description { get; init; }

    public int? ReleaseYear { get; init; }
    public AgeRating? AgeRating { get; init; }

    /// <summary>Words such as <c>science-fiction</c>.</summary>
    public IReadOnlyList<string?>? Genres { get; init; }

    /// <summary>In the order of the credits.</summary>
    public IReadOnlyList<Person?>? People { get; init; }

    public IReadOnlyList<Artwork?>? Artwork { get; init; }

    /// <summary>A word of <see cref="PublicationStatus"/>; published where nothing is said.</summary>
    public string? Status { get; init; }

    /// <summary>When it is or was published, RFC 3339; null for when it could be played first.</summary>
    public string? PublishAt { get; init; }

    /// <summary>Where and when it is open; null for everywhere and always.</summary>
    public IReadOnlyList<AvailabilityWindow?>? Windows { get; init; }
}
