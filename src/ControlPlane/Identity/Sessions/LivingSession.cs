namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>A session that stands, and the token that goes on with it.</summary>
internal readonly record struct LivingSession(Guid Id, RefreshToken Token);
