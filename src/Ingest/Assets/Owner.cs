using System.Security.Claims;

namespace Movento.Ingest.Assets;

/// <summary>Whose request it is.</summary>
internal static class Owner
{
    /// <summary>The user's id: the claim <c>sub</c> of the access token.</summary>
    public static bool TryGet(ClaimsPrincipal user, out Guid owner) => Guid.TryParse(user.FindFirstValue("sub"), out owner);
}
