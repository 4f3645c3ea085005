namespace Movento.ControlPlane.Catalogue;

/// <summary>What a film is like, as far as its editors said it.</summary>
internal sealed class FilmTraits
{
    public required Guid Id { get; init; }
    public required string[] Genres { get; init; }

    /// <summary>The names of who had a part in it.</summary>
    public required string[] People { get; init; }
}
