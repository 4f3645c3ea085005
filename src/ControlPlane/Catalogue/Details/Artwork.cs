namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>A picture that lies elsewhere, for apps that want another one than the film's own poster.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Url">https.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Language">Of what is written on it (BCP 47); null for none.</param>
internal sealed record Artwork(string? Kind, string? Url, int? Width, int? Height, string? Language)
{
    public static readonly IReadOnlyList<string> Kinds = ["poster", "backdrop", "banner", "logo", "still"];
}
