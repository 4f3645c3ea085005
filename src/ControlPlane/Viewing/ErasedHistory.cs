using MassTransit;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Npgsql;

namespace Movento.ControlPlane.Viewing;

/// <summary>
/// Tells every area what was taken out of histories: within seconds, and again later and later for a day, since word of a film's beginning may come after it.
/// </summary>
internal sealed partial class ErasedHistory(ViewingDatabase database, IBus bus, TimeProvider time, ILogger<ErasedHistory> logger)
    : RepeatedAnnouncements<ErasedHistory.Row>(bus, ErasedHistory.Announcements, ErasedHistory.Interval, time)
{
    /// <summary>After one minute, four, sixteen and so on: the sixth is after six hours, the row goes after a day.</summary>
    private const int Announcements = 6;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override string Claim =>
        """
        UPDATE announced_erasures SET announced = announced + 1, due_at = @now + interval '1 minute' * power(4, announced)
        WHERE id = (SELECT id FROM announced_erasures WHERE due_at <= @now ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id AS Id, user_id AS UserId, nullif(profile_id, '00000000-0000-0000-0000-000000000000') AS ProfileId, asset_id AS AssetId,
          erased_at AS ErasedAt, announced AS Announced
        """;

    protected override string Forget => "DELETE FROM announced_erasures WHERE id = @Id";

    protected override ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => database.OpenAsync(cancellationToken);

    protected override object Message(Row row) => new HistoryErased(row.UserId, row.ProfileId, row.AssetId, row.ErasedAt);

    protected override void Failed(NpgsqlException error) => Log.Unread(logger, error);

    protected override void Untold(Exception error) => Log.Untold(logger, error);

    internal sealed class Row : IOwedAnnouncement
    {
        public required Guid Id { get; init; }
        public required Guid UserId { get; init; }
        public Guid? ProfileId { get; init; }
        public Guid? AssetId { get; init; }
        public required DateTime ErasedAt { get; init; }
        public required int Announced { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(3091, LogLevel.Warning, "What was taken out of histories cannot be read; it is tried again")]
        public static partial void Unread(ILogger logger, Exception exception);

        [LoggerMessage(3092, LogLevel.Warning, "What was taken out of a history could not be told; it is tried again")]
        public static partial void Untold(ILogger logger, Exception exception);
    }
}
