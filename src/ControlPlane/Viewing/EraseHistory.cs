using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Viewing;

/// <summary><c>DELETE /api/viewing/history</c> and <c>/api/viewing/history/{assetId}</c>: the history of whoever watches is forgotten, whole or of one film; what
/// players say late of before does not bring it back, and other areas hear of it (<see cref="ErasedHistory"/>).</summary>
internal static class EraseHistory
{
    private const string Announce =
        "INSERT INTO announced_erasures (id, user_id, profile_id, asset_id, erased_at, due_at) VALUES (@id, @user, @profile, @asset, @now, @now)";

    public static void Map(RouteGroupBuilder viewing)
    {
        viewing.MapDelete("/history", (ClaimsPrincipal principal, ViewingDatabase database, TimeProvider time, CancellationToken cancellationToken) => EraseAsync(
            principal, null, database, time,
            """
            INSERT INTO erasures AS e (user_id, profile_id, erased_at) VALUES (@user, @profile, @now)
            ON CONFLICT (user_id, profile_id) DO UPDATE SET erased_at = greatest(e.erased_at, excluded.erased_at);
            DELETE FROM watched WHERE user_id = @user AND profile_id = @profile AND watched_at <= @now
            """,
            cancellationToken))
            .Describe("eraseHistory", "Forget everything that one watched")
            .AnswersNothing("Nothing that players say late of before brings it back.");
        viewing.MapDelete("/history/{assetId}", async (string assetId, ClaimsPrincipal principal, ViewingDatabase database, TimeProvider time, CancellationToken cancellationToken) =>
            AssetId.TryParse(assetId, out var asset)
                ? await EraseAsync(
                    principal, asset, database, time,
                    """
                    UPDATE watched SET is_erased = true, position_seconds = 0, duration_seconds = 0, completed_at = NULL, first_watched_at = @now, watched_at = greatest(watched_at, @now)
                    WHERE user_id = @user AND profile_id = @profile AND asset_id = @asset
                    """,
                    cancellationToken)
                : TypedResults.NoContent())
            .Describe("eraseFilmFromHistory", "Forget that one watched a film")
            .AnswersNothing("Nothing that players say late of before brings it back.");
    }

    private static async Task<IResult> EraseAsync(
        ClaimsPrincipal principal, AssetId? asset, ViewingDatabase database, TimeProvider time, string erase, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            $"{erase}; {Announce}",
            new { id = Guid.CreateVersion7(now), user, profile = principal.ProfileOrNull() ?? Guid.Empty, asset = asset?.Value, now = now.UtcDateTime },
            transaction,
            cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
