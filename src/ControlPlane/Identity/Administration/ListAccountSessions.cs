using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity.Administration;

/// <summary><c>GET /api/users/{id}/sessions?after=…&amp;limit=…</c>: where an account is signed in, the youngest sign-in first; for admins.</summary>
internal static class ListAccountSessions
{
    public static void Map(RouteGroupBuilder users) => users.MapGet("/{id}/sessions", HandleAsync).RequireAuthorization(Access.AdminPolicy)
        .Describe("listSessionsOf", "Where an account is signed in", "The youngest sign-in first.")
        .Answers<ListSessions.Response>().PagedBy(ListSessions.Pages).Refuses(AccountAdministration.NotFound);

    private static async Task<IResult> HandleAsync(
        string id, string? after, string? limit, HttpContext context, IdentityDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var page = ListSessions.Pages.Read(after, limit, errors);
        if (errors.Problem is { } wrong) return wrong;
        if (!Guid.TryParseExact(id, "N", out var target)) return AccountAdministration.NotFound;
        context.User.TryGetSession(out var current);

        await using var connection = await database.OpenAsync(cancellationToken);
        if (!await AccountAdministration.ExistsAsync(connection, target, cancellationToken)) return AccountAdministration.NotFound;
        return await ListSessions.PageAsync(connection, target, current, page, time.GetUtcNow(), cancellationToken);
    }
}
