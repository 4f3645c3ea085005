namespace Movento.ControlPlane.Playback;

/// <summary>A playback that was granted and is not over, as the table <c>streams</c> holds it.</summary>
/// <param name="Session">Of the playback token.</param>
/// <param name="SeenAt">When its player last said that it plays.</param>
/// <param name="ExpiresAt">When its tokens are stale.</param>
/// <param name="IsUnlimited">Whether it was granted whatever is paid: to an editor, or where nothing is sold.</param>
internal sealed record OpenStream(Guid Session, Guid UserId, Guid DeviceId, Guid AssetId, DateTime StartedAt, DateTime SeenAt, DateTime ExpiresAt, bool IsUnlimited)
{
    /// <summary>The columns of this row, for a SELECT from <c>streams</c>.</summary>
    public const string Columns =
        """
        session AS Session, user_id AS UserId, device_id AS DeviceId, asset_id AS AssetId, started_at AS StartedAt, seen_at AS SeenAt, expires_at AS ExpiresAt,
        is_unlimited AS IsUnlimited
        """;
}
