using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.Identity.Sessions;
using Npgsql;

namespace Movento.ControlPlane.Identity.Administration;

/// <summary>
/// What admins do with others' accounts, each act noted in the audit log: <c>GET /api/users</c>, <c>PUT /api/users/{id}/roles</c>,
/// <c>DELETE /api/users/{id}/sessions</c>, <c>POST /api/users/{id}/password-reset</c>. An admin sets nobody's password and reads nobody's.
/// </summary>
internal static class AccountAdministration
{
    // By ticks, in UTC.
    private static readonly PageRules Pages = new(50, 200, DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks);

    public static readonly Problem NotFound = Problem.NotFound("There is no such account.");

    private static readonly Problem OwnAdminRole = new(StatusCodes.Status409Conflict, "own_admin_role", "You cannot give up being an admin yourself.")
    {
        Hint = "Another admin can take the role from you, so that there is always one.",
    };

    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    public sealed record Item(string Id, string Email, string Name, [property: Words(typeof(Access), nameof(Access.Roles))] IReadOnlyList<string> Roles, bool IsConfirmed, bool IsDisabled, DateTime CreatedAt);

    public sealed record RolesRequest([property: Required, MinLength(1), Words(typeof(Access), nameof(Access.Roles))] string[]? Roles);

    public static void Map(RouteGroupBuilder users)
    {
        users.MapGet("/", ListAsync).RequireAuthorization(Access.AdminPolicy)
            .Describe("listUsers", "All accounts", "The youngest first; with `email` the one that has it.")
            .Answers<Response>().PagedBy(Pages)
            .ReadsText("email", "Only the account that has it.", EmailAddress.MaxLength);
        users.MapPut("/{id}/roles", SetRolesAsync).RequireAuthorization(Access.AdminPolicy)
            .Describe("setRoles", "Say what an account may do", "It counts with the next access token.")
            .Answers<User>().RefusesFields().Refuses(NotFound, OwnAdminRole);
        users.MapDelete("/{id}/sessions", EndSessionsAsync).RequireAuthorization(Access.AdminPolicy)
            .Describe("endSessionsOf", "End every session of an account")
            .AnswersNothing().Refuses(NotFound);
        users.MapPost("/{id}/password-reset", SendResetAsync).RequireAuthorization(Access.AdminPolicy)
            .Describe("sendPasswordReset", "Send an account's owner a link to a new password", "An admin never sets a password.")
            .AnswersNothing("The mail is on its way.", StatusCodes.Status202Accepted).Refuses(NotFound);
    }

    /// <summary>Whether there is such an account.</summary>
    public static Task<bool> ExistsAsync(NpgsqlConnection connection, Guid target, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition("SELECT EXISTS (SELECT FROM users WHERE id = @target)", new { target }, cancellationToken: cancellationToken));

    private static async Task<IResult> ListAsync(
        string? email, string? after, string? limit, IdentityDatabase database, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        string? wanted = null;
        if (email is not null && !EmailAddress.TryNormalize(email, out wanted)) errors.Note("email", EmailAddress.Wrong);
        if (errors.Problem is { } wrong) return wrong;

        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT id AS Id, email AS Email, name AS Name, roles AS Roles, confirmed_at IS NOT NULL AS IsConfirmed, disabled_at IS NOT NULL AS IsDisabled, created_at AS CreatedAt FROM users
            WHERE (@wanted::text IS NULL OR email = @wanted) {(cursor is null ? "" : "AND (created_at, id) < (@end, @id)")}
            ORDER BY created_at DESC, id DESC LIMIT @most
            """,
            new { wanted, end = cursor is { } key ? new DateTime(key.Order, DateTimeKind.Utc) : (DateTime?)null, id = cursor?.Id, most = most + 1 },
            cancellationToken: cancellationToken))).AsList();
        var page = rows.Take(most).ToArray();
        return TypedResults.Json(
            new Response(
                [.. page.Select(row => new Item(row.Id.ToString("N"), row.Email, row.Name, row.Roles, row.IsConfirmed, row.IsDisabled, row.CreatedAt))],
                rows.Count > most ? new PageCursor(page[^1].CreatedAt.Ticks, page[^1].Id).ToString() : null),
            ControlPlaneJson.Default.AccountAdministrationResponse);
    }

    private static async Task<IResult> SetRolesAsync(
        string id,
        JsonBody<RolesRequest> body,
        ClaimsPrincipal principal,
        IdentityDatabase database,
        RecentSignIn recent,
        AuditLog audit,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (body.Value.Roles is not { Length: > 0 } asked || !asked.All(Access.Roles.Contains))
            return FieldErrors.One("roles", $"Some of {string.Join(", ", Access.Roles)}.");
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } tooOld) return tooOld;
        if (!principal.TryGetUserId(out var actor)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(id, "N", out var target)) return NotFound;
        if (target == actor && !asked.Contains(Access.AdminRole)) return OwnAdminRole;

        var roles = Access.Roles.Intersect(asked).ToArray();
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<UserRow>(new CommandDefinition(
            $"UPDATE users u SET roles = @roles WHERE u.id = @target RETURNING {UserRow.Columns}", new { roles, target }, cancellationToken: cancellationToken));
        if (row is null) return NotFound;
        await audit.AddAsync(connection, actor, AuditAction.RolesSet, target, string.Join(' ', roles), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Json(row.ToUser(), ControlPlaneJson.Default.User);
    }

    private static async Task<IResult> EndSessionsAsync(
        string id,
        ClaimsPrincipal principal,
        IdentityDatabase database,
        RecentSignIn recent,
        EndedSessions ended,
        AuditLog audit,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } tooOld) return tooOld;
        if (!principal.TryGetUserId(out var actor)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(id, "N", out var target)) return NotFound;
        EndedSession[] over;
        await using (var connection = await database.OpenAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            if (!await ExistsAsync(connection, target, cancellationToken)) return NotFound;
            over = await SignInSessions.EndOthersAsync(connection, target, except: null, time.GetUtcNow(), cancellationToken);
            await audit.AddAsync(connection, actor, AuditAction.SessionsEnded, target, null, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await ended.TellAsync(over);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> SendResetAsync(
        string id, ClaimsPrincipal principal, IdentityDatabase database, RecentSignIn recent, MailOrders mails, AuditLog audit, CancellationToken cancellationToken)
    {
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } tooOld) return tooOld;
        if (!principal.TryGetUserId(out var actor)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(id, "N", out var target)) return NotFound;
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var email = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "SELECT email FROM users WHERE id = @target", new { target }, cancellationToken: cancellationToken));
        if (email is null) return NotFound;
        await mails.AddAsync(connection, MailKind.Reset, email, target, cancellationToken);
        await audit.AddAsync(connection, actor, AuditAction.ResetSent, target, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    private sealed class Row
    {
        public required Guid Id { get; init; }
        public required string Email { get; init; }
        public required string Name { get; init; }
        public required string[] Roles { get; init; }
        public required bool IsConfirmed { get; init; }
        public required bool IsDisabled { get; init; }
        public required DateTime CreatedAt { get; init; }
    }
}
