using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue;

/// <summary>Who looks, and from where. An editor sees the team's films before others do.</summary>
/// <param name="Country">ISO 3166-1 alpha-2; null where nobody says it.</param>
/// <param name="Team">Whose editor this is; null for everybody else.</param>
/// <param name="MaximumAge">The bound of the profile that watches, in years: lists have nothing above it, and nothing that nobody rated; null for none.</param>
internal sealed record Viewer(string? Country, Guid? Team, short? MaximumAge)
{
    public static ValueTask<Viewer> BindAsync(HttpContext context) => ValueTask.FromResult(new Viewer(
        ViewerCountry.Of(context),
        context.User.IsInRole(Access.EditorRole) && context.User.TryGetTeam(out var team) ? team : null,
        context.User.MaximumAgeOrNull()));
}
