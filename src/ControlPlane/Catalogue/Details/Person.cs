using System.ComponentModel.DataAnnotations;
using Movento.ApiDescription;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>Who had a part in it.</summary>
/// <param name="Name">As it is written in the credits.</param>
/// <param name="Role">What the part was.</param>
/// <param name="Character">Whom they play; null for nobody.</param>
internal sealed record Person(
    [property: Required, MinLength(1), MaxLength(DetailsRules.MaxNameLength)] string? Name,
    [property: Required, Words(typeof(Person), nameof(Person.Roles))] string? Role,
    [property: MaxLength(DetailsRules.MaxNameLength)] string? Character)
{
    public static readonly IReadOnlyList<string> Roles =
        ["actor", "voice", "director", "creator", "writer", "producer", "composer", "cinematographer", "editor", "presenter", "other"];
}
