using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Npgsql;

namespace Movento.ControlPlane.Identity;

/// <summary>Removes what has expired, accounts that were never confirmed, and audit entries that are older than they are kept: nothing reads them any more.</summary>
internal sealed partial class IdentitySweep(IdentityDatabase database, ControlPlaneOptions options, TimeProvider time, ILogger<IdentitySweep> logger)
    : PeriodicWork(IdentitySweep.Interval, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>Removes expired rows; the number of them.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        var removed = 0;
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var (table, key, expired) in new[]
                 {
                     ("attempts", "key", "window_ends <= @now"),
                     ("sign_in_codes", "hash", "expires_at <= @now"),
                     ("sign_in_tickets", "hash", "expires_at <= @now"),
                     ("link_tokens", "hash", "expires_at <= @now"),
                     ("refresh_tokens", "hash", "expires_at <= @now"),
                     // What was played in it may have to be taken back.
                     ("sessions", "id", "expires_at <= @now AND (plays_until IS NULL OR plays_until <= @now)"),
                 })
        {
            removed += await ExpiredRows.RemoveAsync(connection, table, key, expired, new { now }, cancellationToken);
        }

        // One that was never used: nobody could sign in to it, and no other area has heard of it. What somebody disabled stays so.
        if (options.Mail.IsConfirmationRequired)
        {
            removed += await ExpiredRows.RemoveAsync(
                connection, "users", "id",
                "confirm_by <= @now AND confirmed_at IS NULL AND disabled_at IS NULL AND roles = @viewer AND NOT EXISTS (SELECT FROM sessions s WHERE s.user_id = users.id)",
                new { now, viewer = (string[])[Access.ViewerRole] },
                cancellationToken);
        }

        if (options.AuditRetention > TimeSpan.Zero)
            removed += await ExpiredRows.RemoveAsync(connection, "audit_entries", "id", "at < @oldest", new { oldest = now - options.AuditRetention }, cancellationToken);
        return removed;
    }

    protected override Task WorkAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);

    protected override void Failed(NpgsqlException error) => Log.SweepFailed(logger, error);

    private static partial class Log
    {
        [LoggerMessage(3002, LogLevel.Warning, "Removing what has expired of accounts failed; the next sweep tries again")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
