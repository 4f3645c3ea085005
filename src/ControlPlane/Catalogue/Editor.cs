using System.Security.Claims;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue;

/// <summary>An editor, who edits what is the team's, and nothing else. One who is an admin too, in no team, edits whatever team's it is, in person: somebody
/// must be able to take a film down whose team is gone.</summary>
/// <param name="Team">The claim <c>team</c> of the access token, or else the user alone. Lists, and what is made anew, are the team's in either case.</param>
/// <param name="IsOfEveryTeam">Whether it is such an admin.</param>
internal readonly record struct Editor(Guid Team, bool IsOfEveryTeam)
{
    public static bool TryRead(ClaimsPrincipal user, out Editor editor)
    {
        var has = user.TryGetTeam(out var team);
        var isOfEveryTeam = user.IsInRole(Access.AdminRole) && !user.HasClaim(claim => claim.Type is Access.TeamClaim or Access.KeyClaim);
        editor = new Editor(team, isOfEveryTeam);
        return has;
    }

    /// <param name="team">Whose it is; null where it is nobody's any more.</param>
    public bool MayEdit(Guid? team) => team is { } owner && (owner == Team || IsOfEveryTeam);
}
