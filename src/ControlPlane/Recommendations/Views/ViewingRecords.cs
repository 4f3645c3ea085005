using Dapper;
using Movento.Contracts;

namespace Movento.ControlPlane.Recommendations.Views;

/// <summary>Who has watched what. A viewer is a profile, or an account where nobody in particular watches.</summary>
internal sealed class ViewingRecords(RecommendationsDatabase database, TimeProvider time)
{
    /// <summary>Notes that somebody has watched a film. The same message again, or an older one, changes nothing.</summary>
    public async Task RecordAsync(FilmViewed viewed, CancellationToken cancellationToken)
    {
        // A clock that is ahead must not keep a film the latest for ever.
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO views AS v (viewer_id, account_id, film_id, seen_at) VALUES (@viewer, @account, @AssetId, @at)
            ON CONFLICT (viewer_id, film_id) DO UPDATE SET seen_at = excluded.seen_at WHERE excluded.seen_at > v.seen_at
            """,
            new { viewer = viewed.ProfileId ?? viewed.ViewerId, account = viewed.ViewerId, viewed.AssetId, at = viewed.SeenAt < now ? viewed.SeenAt : now },
            cancellationToken: cancellationToken));
    }

    /// <summary>The films that somebody has watched, the last one last.</summary>
    public async Task<Guid[]> HistoryOfAsync(Guid viewer, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var films = await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT film_id FROM views WHERE viewer_id = @viewer ORDER BY seen_at DESC, film_id LIMIT @most",
            new { viewer, most },
            cancellationToken: cancellationToken));
        return [.. films.Reverse()];
    }

    /// <summary>Forgets everything of a viewer: what they watched, and what they were shown.</summary>
    public async Task ForgetAsync(Guid account, Guid viewer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM views WHERE viewer_id = @viewer; DELETE FROM shown WHERE account_id = @account AND viewer_id = @viewer",
            new { account, viewer },
            cancellationToken: cancellationToken));
    }

    /// <summary>Forgets what a viewer watched up to a moment: a film, or all of them. What they were shown stays; it is a figure.</summary>
    public async Task ForgetAsync(HistoryErased erased, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            $"DELETE FROM views WHERE viewer_id = @viewer AND seen_at <= @ErasedAt {(erased.AssetId is null ? "" : "AND film_id = @AssetId")}",
            new { viewer = erased.ProfileId ?? erased.UserId, erased.ErasedAt, erased.AssetId },
            cancellationToken: cancellationToken));
    }

    /// <summary>Forgets everything of everybody of an account.</summary>
    public async Task ForgetAccountAsync(Guid account, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM views WHERE account_id = @account; DELETE FROM shown WHERE account_id = @account", new { account }, cancellationToken: cancellationToken));
    }
}
