using System.ComponentModel.DataAnnotations;
using Movento.ApiDescription;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>A picture that lies elsewhere, for apps that want another one than the film's own poster.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Url">https.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Language">Of what is written on it (BCP 47); null for none.</param>
internal sealed record Artwork(
    [property: Required, Words(typeof(Artwork), nameof(Artwork.Kinds))] string? Kind,
    [property: Required, MaxLength(DetailsRules.MaxUrlLength)] string? Url,
    [property: Range(1, DetailsRules.MaxPixels)] int? Width,
    [property: Range(1, DetailsRules.MaxPixels)] int? Height,
    string? Language)
{
    public static readonly IReadOnlyList<string> Kinds = ["poster", "backdrop", "banner", "logo", "still"];
}
