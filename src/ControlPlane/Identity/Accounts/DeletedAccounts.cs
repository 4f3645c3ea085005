using Dapper;
using MassTransit;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Npgsql;

namespace Movento.ControlPlane.Identity.Accounts;

/// <summary>
/// Tells every area which accounts are gone: at once, and again later and later for a month, since who must hear of it is not known here and may have been
/// away. Receivers do the same again without harm. What is owed stands in the database.
/// </summary>
internal sealed partial class DeletedAccounts(IdentityDatabase database, IBus bus, TimeProvider time, ILogger<DeletedAccounts> logger)
    : PeriodicWork(DeletedAccounts.Interval, time)
{
    /// <summary>After an hour, two, four and so on: the tenth is after three weeks, the row goes after six.</summary>
    private const int Announcements = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Announces what is due.</summary>
    public async Task AnnounceDueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Row? row;
            await using (var connection = await database.OpenAsync(cancellationToken))
            {
                row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                    """
                    UPDATE deleted_accounts SET announced = announced + 1, due_at = @now + interval '1 hour' * power(2, announced)
                    WHERE user_id = (SELECT user_id FROM deleted_accounts WHERE due_at <= @now ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
                    RETURNING user_id AS UserId, deleted_at AS DeletedAt, announced AS Announced
                    """,
                    new { now = Time.GetUtcNow() },
                    cancellationToken: cancellationToken));
            }

            if (row is null) return;
            if (row.Announced <= Announcements) await bus.Publish(new AccountDeleted(row.UserId, row.DeletedAt), cancellationToken);
            else await ForgetAsync(row.UserId, cancellationToken);
        }
    }

    protected override Task WorkAsync(CancellationToken cancellationToken) => AnnounceDueAsync(cancellationToken);

    protected override void Failed(NpgsqlException error) => Log.Unread(logger, error);

    private async Task ForgetAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM deleted_accounts WHERE user_id = @user", new { user }, cancellationToken: cancellationToken));
    }

    private sealed class Row
    {
        public required Guid UserId { get; init; }
        public required DateTime DeletedAt { get; init; }
        public required int Announced { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(3015, LogLevel.Warning, "Which accounts are gone cannot be read; it is tried again")]
        public static partial void Unread(ILogger logger, Exception exception);
    }
}
