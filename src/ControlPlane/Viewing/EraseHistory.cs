using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Viewing;

/// <summary><c>DELETE /api/viewing/history</c> and <c>/api/viewing/history/{assetId}</c>: the user's history is forgotten, whole or of one film, and what players
/// say late of before does not bring it back.</summary>
internal static class EraseHistory
{
    public static void Map(RouteGroupBuilder viewing)
    {
        viewing.MapDelete("/history", AllAsync);
        viewing.MapDelete("/history/{assetId}", OneAsync);
    }

    private static async Task<IResult> AllAsync(ClaimsPrincipal principal, ViewingDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO erasures AS e (user_id, erased_at) VALUES (@user, @now) ON CONFLICT (user_id) DO UPDATE SET erased_at = greatest(e.erased_at, excluded.erased_at);
            DELETE FROM watched WHERE user_id = @user AND watched_at <= @now
            """,
            new { user, now = time.GetUtcNow().UtcDateTime },
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> OneAsync(string assetId, ClaimsPrincipal principal, ViewingDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        if (!AssetId.TryParse(assetId, out var asset)) return TypedResults.NoContent();
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE watched SET is_erased = true, position_seconds = 0, duration_seconds = 0, completed_at = NULL, first_watched_at = @now, watched_at = greatest(watched_at, @now)
            WHERE user_id = @user AND asset_id = @asset
            """,
            new { user, asset = asset.Value, now = time.GetUtcNow().UtcDateTime },
            cancellationToken: cancellationToken));
        return TypedResults.NoContent();
    }
}
