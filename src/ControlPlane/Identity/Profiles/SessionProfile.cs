namespace Movento.ControlPlane.Identity.Profiles;

/// <summary>Who watches in a session.</summary>
/// <param name="Id">Of the profile.</param>
/// <param name="IsKids">Whether it is a child's.</param>
/// <param name="MaximumAge">See <see cref="Profile"/>.</param>
internal sealed record SessionProfile(Guid Id, bool IsKids, int MaximumAge);
