using Movento.ControlPlane.Identity.Profiles;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>A session that stands, and the token that goes on with it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">The refresh token.</param>
/// <param name="Profile">Who watches in it; null for nobody in particular.</param>
internal readonly record struct LivingSession(Guid Id, RefreshToken Token, SessionProfile? Profile);
