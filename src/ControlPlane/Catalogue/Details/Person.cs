namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>Who had a part in it.</summary>
/// <param name="Name">As it is written in the credits.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Character">Whom they play; null for nobody.</param>
internal sealed record Person(string? Name, string? Role, string? Character)
{
    public static readonly IReadOnlyList<string> Roles =
        ["actor", "voice", "director", "creator", "writer", "producer", "composer", "cinematographer", "editor", "presenter", "other"];
}
