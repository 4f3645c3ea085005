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

    /// <summary>The team whose editor this is: the claim <c>team</c>, or else the user alone, as ingest reads it.</summary>
    public static bool TryGetTeam(this ClaimsPrincipal principal, out Guid team) =>
        Guid.TryParse(principal.FindFirst(Access.TeamClaim)?.Value, out team) || principal.TryGetUserId(out team);
}
