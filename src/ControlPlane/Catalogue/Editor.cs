using System.Security.Claims;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue;

/// <summary>An editor, who edits what is the team's, and nothing else.</summary>
/// <param name="Team">The claim <c>team</c> of the access token, or else the user alone.</param>
internal readonly record struct Editor(Guid Team)
{
    public static bool TryRead(ClaimsPrincipal user, out Editor editor)
    {
        var has = user.TryGetTeam(out var team);
        editor = new Editor(team);
        return has;
    }

    public bool MayEdit(Guid? team) => team == Team;
}
