using System.ComponentModel.DataAnnotations;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>For whom it is.</summary>
/// <param name="Label">As the board writes it: <c>PG-13</c>, <c>FSK 16</c>.</param>
/// <param name="MinimumAge">In years.</param>
internal sealed record AgeRating([property: Required, MinLength(1), MaxLength(DetailsRules.MaxLabelLength)] string? Label, [property: Required, Range(0, DetailsRules.MaxAge)] int? MinimumAge);
