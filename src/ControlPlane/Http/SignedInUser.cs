using System.Globalization;
using System.Security.Claims;
using Movento.Contracts;

namespace Movento.ControlPlane.Http;

/// <summary>Reads who asks from the access token's claims, as they stand in the token (the host maps none of them).</summary>
internal static class SignedInUser
{
    /// <summary>The <c>sub</c> claim: 32 hexadecimal digits.</summary>
    public static bool TryGetUserId(this ClaimsPrincipal principal, out Guid userId) =>
        Guid.TryParseExact(principal.FindFirst("sub")?.Value, "N", out userId);

    /// <summary>The <c>sid</c> claim: 32 hexadecimal digits.</summary>
    public static bool TryGetSession(this ClaimsPrincipal principal, out Guid session) =>
        Guid.TryParseExact(principal.FindFirst(Access.SessionClaim)?.Value, "N", out session);

    /// <summary>Whether the profile that watches is open to a film for people of this age; null where nobody rated it: then to a profile without a bound alone.</summary>
    public static bool IsOldEnough(this ClaimsPrincipal principal, int? minimumAge) =>
        principal.FindFirst(Access.MaximumAgeClaim)?.Value is not { } text
        || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var maximum) && minimumAge <= maximum);

    /// <summary>The team whose editor this is: the claim <c>team</c>, or else the user alone, as ingest reads it.</summary>
    public static bool TryGetTeam(this ClaimsPrincipal principal, out Guid team) =>
        Guid.TryParse(principal.FindFirst(Access.TeamClaim)?.Value, out team) || principal.TryGetUserId(out team);
}
