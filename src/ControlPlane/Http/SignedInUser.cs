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
}
