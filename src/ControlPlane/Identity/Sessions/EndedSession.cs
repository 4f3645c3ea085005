namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>A session that is over.</summary>
internal sealed class EndedSession
{
    public required Guid Id { get; init; }

    /// <summary>When the last playback token that was granted in it expires by itself, in UTC; null where there is none.</summary>
    public required DateTime? PlaysUntil { get; init; }
}
