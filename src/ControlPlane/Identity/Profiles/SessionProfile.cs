namespace Movento.ControlPlane.Identity.Profiles;

/// <summary>Who watches in a session.</summary>
/// <param name="Id">Of the profile.</param>
/// <param name="IsKids">Whether only what is for children may be shown.</param>
internal sealed record SessionProfile(Guid Id, bool IsKids);
