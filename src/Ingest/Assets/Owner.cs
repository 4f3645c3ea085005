using System.Security.Claims;
using Movento.Contracts;

namespace Movento.Ingest.Assets;

/// <summary>Whose request it is.</summary>
internal static class Owner
{
    /// <summary>The user's id: the claim <c>sub</c> of the access token.</summary>
    public static bool TryGet(ClaimsPrincipal user, out Guid owner) => Guid.TryParse(user.FindFirstValue("sub"), out owner);

    /// <summary>The team whose quota and turn it is: the claim <c>team</c>, or else the user alone.</summary>
    public static Guid Team(ClaimsPrincipal user, Guid owner) => Guid.TryParse(user.FindFirstValue(Access.TeamClaim), out var team) ? team : owner;

    /// <summary>The team whose assets and webhooks the user sees.</summary>
    public static bool TryGetTeam(ClaimsPrincipal user, out Guid team)
    {
        team = TryGet(user, out var owner) ? Team(user, owner) : default;
        return team != default;
    }
}
