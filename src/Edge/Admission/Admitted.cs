namespace Movento.Edge.Admission;

/// <summary>What a request was let in with.</summary>
/// <param name="Session">The playback session; <see cref="Guid.Empty"/> for none.</param>
/// <param name="MaxHeight">Renditions of more lines are refused, and manifests leave them out; 0 for none.</param>
internal readonly record struct Admitted(Guid Session, ushort MaxHeight)
{
    /// <summary>Whether a rendition of so many lines may be had; 0 for what has none.</summary>
    public bool Allows(int height) => MaxHeight == 0 || height <= MaxHeight;
}
