namespace Movento.ControlPlane.Viewing;

/// <summary>A film in a user's history, as the table holds it.</summary>
internal sealed class WatchedRow
{
    /// <summary>For a SELECT from <c>watched</c> as <c>w</c>.</summary>
    public const string Columns =
        "w.asset_id AS AssetId, w.position_seconds AS Position, w.duration_seconds AS Duration, w.watched_at AS WatchedAt, w.first_watched_at AS FirstWatchedAt, " +
        "w.completed_at AS CompletedAt, w.profile_id AS Profile";

    /// <summary>What of a user's rows is history, of every profile. A row that was on its way while all was deleted does not count.</summary>
    public const string IsOfUser =
        "w.user_id = @user AND NOT w.is_erased AND NOT EXISTS (" +
        "SELECT FROM erasures e WHERE e.user_id = w.user_id AND e.profile_id = w.profile_id AND e.erased_at >= w.watched_at)";

    /// <summary>What of it is the history of whoever watches; <c>profile</c> is nil for nobody in particular.</summary>
    public const string IsOfViewer = "w.profile_id = @profile AND " + IsOfUser;

    public required Guid AssetId { get; init; }
    public required float Position { get; init; }
    public required float Duration { get; init; }
    public required DateTime WatchedAt { get; init; }
    public required DateTime FirstWatchedAt { get; init; }
    public DateTime? CompletedAt { get; init; }
    public required Guid Profile { get; init; }
}
