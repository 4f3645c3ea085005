using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue;

/// <summary>Who looks, and from where. An editor sees the team's films before others do.</summary>
/// <param name="Country">ISO 3166-1 alpha-2; null where nobody says it.</param>
/// <param name="Team">Whose editor this is; null for everybody else.</param>
internal sealed record Viewer(string? Country, Guid? Team)
{
    public static ValueTask<Viewer> BindAsync(HttpContext context) => ValueTask.FromResult(new Viewer(
        ViewerCountry.Of(context),
        context.User.IsInRole(Access.EditorRole) && context.User.TryGetTeam(out var team) ? team : null));
}
