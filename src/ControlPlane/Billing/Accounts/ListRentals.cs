using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Billing;

/// <summary><c>GET /api/payments/rentals?after=…&amp;limit=…</c>: the films that its owner has rented, newest first, a page at a time.</summary>
internal static class ListRentals
{
    // By the microsecond it was rented at, and a number that its id gives.
    private static readonly PageRules Pages = new(50, 200, 0, long.MaxValue);

    /// <param name="Items">Newest first.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<RentedFilm> Items, string? Next);

    /// <param name="AssetId">The film.</param>
    /// <param name="RentedAt">When it was paid.</param>
    /// <param name="ExpiresAt">From then on it does not play any more.</param>
    /// <param name="IsRefunded">Whether the money went back; then it does not play.</param>
    public sealed record RentedFilm(string AssetId, DateTime RentedAt, DateTime ExpiresAt, bool IsRefunded);

    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/rentals", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .Describe("listRentals", "The films that one has rented", "The newest first.")
        .Answers<Response>().PagedBy(Pages);

    private static async Task<IResult> HandleAsync(
        string? after, string? limit, ClaimsPrincipal principal, BillingDatabase database, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        if (errors.Problem is { } wrong) return wrong;

        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<RentalRow>(new CommandDefinition(
            $"""
            SELECT md5(id)::uuid AS Key, asset_id AS AssetId, rented_at AS RentedAt, expires_at AS ExpiresAt, is_refunded AS IsRefunded
            FROM rentals WHERE user_id = @user {(cursor is null ? "" : "AND (rented_at, md5(id)::uuid) < (@rentedAt, @key)")}
            ORDER BY rented_at DESC, md5(id)::uuid DESC LIMIT @most
            """,
            new
            {
                user,
                most = most + 1,
                rentedAt = cursor is { } end ? DateTimeOffset.UnixEpoch.AddTicks(Math.Min(end.Order, MostMicroseconds) * TimeSpan.TicksPerMicrosecond) : (DateTimeOffset?)null,
                key = cursor?.Id,
            },
            cancellationToken: cancellationToken))).AsList();
        var page = rows.Take(most).ToArray();
        return TypedResults.Json(
            new Response(
                [.. page.Select(row => new RentedFilm(row.AssetId.ToString("N"), row.RentedAt, row.ExpiresAt, row.IsRefunded))],
                rows.Count > most ? new PageCursor((page[^1].RentedAt - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, page[^1].Key).ToString() : null),
            ControlPlaneJson.Default.ListRentalsResponse);
    }

    private static readonly long MostMicroseconds = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed record RentalRow(Guid Key, Guid AssetId, DateTime RentedAt, DateTime ExpiresAt, bool IsRefunded);
}
