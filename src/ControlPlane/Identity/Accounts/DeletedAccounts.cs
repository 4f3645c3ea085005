using MassTransit;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Npgsql;

namespace Movento.ControlPlane.Identity.Accounts;

/// <summary>
/// Tells every area which accounts are gone: at once, and again later and later for a month.
/// </summary>
internal sealed partial class DeletedAccounts(IdentityDatabase database, IBus bus, TimeProvider time, ILogger<DeletedAccounts> logger)
    : RepeatedAnnouncements<DeletedAccounts.Row>(bus, DeletedAccounts.Announcements, DeletedAccounts.Interval, time)
{
    /// <summary>After an hour, two, four and so on: the tenth is after three weeks, the row goes after six.</summary>
    private const int Announcements = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override string Claim =>
        """
        UPDATE deleted_accounts SET announced = announced + 1, due_at = @now + interval '1 hour' * power(2, announced)
        WHERE user_id = (SELECT user_id FROM deleted_accounts WHERE due_at <= @now ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING user_id AS UserId, deleted_at AS DeletedAt, announced AS Announced
        """;

    protected override string Forget => "DELETE FROM deleted_accounts WHERE user_id = @UserId";

    protected override ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => database.OpenAsync(cancellationToken);

    protected override object Message(Row row) => new AccountDeleted(row.UserId, row.DeletedAt);

    protected override void Failed(NpgsqlException error) => Log.Unread(logger, error);

    protected override void Untold(Exception error) => Log.Untold(logger, error);

    internal sealed class Row : IOwedAnnouncement
    {
        public required Guid UserId { get; init; }
        public required DateTime DeletedAt { get; init; }
        public required int Announced { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(3015, LogLevel.Warning, "Which accounts are gone cannot be read; it is tried again")]
        public static partial void Unread(ILogger logger, Exception exception);

        [LoggerMessage(3017, LogLevel.Warning, "That an account is gone could not be told; it is tried again")]
        public static partial void Untold(ILogger logger, Exception exception);
    }
}
