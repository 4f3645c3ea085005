using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Accounts;
using Movento.ControlPlane.Identity.Links;

namespace Movento.ControlPlane.Identity;

/// <summary><c>POST /api/auth/confirm</c>: the token of a mail's link confirms the address that it was sent to; of an account that is opened, or of one that
/// gets this address (<see cref="MoveEmail"/>).</summary>
internal static class ConfirmEmail
{
    public sealed record Request([property: Required] string? Token);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/confirm", HandleAsync).AllowAnonymous()
        .Describe("confirmEmail", "Confirm an e-mail address")
        .AnswersNothing("The address is confirmed.")
        .RefusesFields().Refuses(LinkTokens.InvalidLink);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body, IdentityDatabase database, MoveEmail move, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (string.IsNullOrEmpty(body.Value.Token)) return FieldErrors.One("token", "The token of the link in the mail.");

        await using var connection = await database.OpenAsync(cancellationToken);
        var confirmed = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            $"""
            WITH spent AS (DELETE FROM link_tokens WHERE {LinkTokens.IsGood} AND purpose = '{LinkPurpose.Confirm}' RETURNING user_id, email),
            confirmed AS (
              UPDATE users u SET confirmed_at = coalesce(u.confirmed_at, @now) FROM spent WHERE u.id = spent.user_id AND u.email = spent.email
              RETURNING u.id)
            SELECT EXISTS (SELECT FROM confirmed)
            """,
            new { hash = OneTimeSecret.Hash(body.Value.Token), now = time.GetUtcNow() },
            cancellationToken: cancellationToken));
        return confirmed || await move.TryAsync(body.Value.Token, cancellationToken) ? TypedResults.NoContent() : LinkTokens.InvalidLink;
    }
}
