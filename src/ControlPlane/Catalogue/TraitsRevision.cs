namespace Movento.ControlPlane.Catalogue;

/// <summary>Tells one state of what films are like from another.</summary>
/// <param name="Edits">Grows with every edit, when it begins to be written.</param>
/// <param name="Films">That stand for themselves.</param>
/// <param name="Newest">When the newest of them appeared; null where there is none.</param>
internal sealed record TraitsRevision(long Edits, long Films, DateTime? Newest);
