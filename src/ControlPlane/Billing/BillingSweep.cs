using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.ControlPlane.Billing;

/// <summary>
/// Finds what no webhook brought: reads the provider's list of events from where it read last, and again every customer from whom nothing was heard for
/// long; reads what is sold; removes old events. One process at a time.
/// </summary>
internal sealed partial class BillingSweep(
    BillingDatabase database, IPayments payments, PurchaseRecords records, OfferRecords offers, BillingOptions options, TimeProvider time, ILogger<BillingSweep> logger)
    : PeriodicWork(options.SweepInterval, time, startsAtOnce: true)
{
    /// <summary>How far a look goes back behind the end of the one before: an event may appear in the list after newer ones.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <summary>How far the first look goes back; the provider remembers 30 days.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromDays(3);

    private static readonly TimeSpan LongestLook = TimeSpan.FromDays(29);

    /// <summary>Longer than the provider sends an event again (3 days) or lists it (30).</summary>
    private static readonly TimeSpan EventLifetime = TimeSpan.FromDays(35);

    private static readonly TimeSpan OffersInterval = TimeSpan.FromHours(1);

    private const string EventsName = "events";

    private const int MaxEventPages = 500;

    private const int CustomersAtATime = 200;

    private DateTimeOffset? _offersReadAt;

    /// <summary>One look; the number of events that no webhook had brought.</summary>
    /// <exception cref="PaymentsException">The provider could not be read to the end; the next look begins where this one did.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await using var turn = await database.OpenAsync(cancellationToken);
        // Held by the connection: a process that dies lets go of it.
        if (!await turn.QuerySingleAsync<bool>(new CommandDefinition(
            "SELECT pg_try_advisory_lock(hashtextextended('billing sweep', 0))", cancellationToken: cancellationToken))) return 0;
        try
        {
            var now = Time.GetUtcNow();
            if (_offersReadAt is not { } readAt || now - readAt >= OffersInterval || now < readAt)
            {
                await offers.ReadAsync(null, cancellationToken);
                _offersReadAt = now;
            }

            var found = await FindEventsAsync(turn, now, cancellationToken);
            await ReadDueAsync(turn, now, cancellationToken);
            await ExpiredRows.RemoveAsync(turn, "events", "id", "received_at < @oldest", new { oldest = now - EventLifetime }, cancellationToken);
            return found;
        }
        finally
        {
            await turn.ExecuteAsync("SELECT pg_advisory_unlock(hashtextextended('billing sweep', 0))");
        }
    }

    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (!options.IsOn) return;
        try
        {
            var found = await SweepAsync(cancellationToken);
            if (found > 0) Log.Found(logger, found);
        }
        catch (PaymentsException error)
        {
            Log.SweepFailed(logger, error);
        }
    }

    protected override void Failed(NpgsqlException error) => Log.SweepFailed(logger, error);

    private async Task<int> FindEventsAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var reached = await connection.QuerySingleOrDefaultAsync<DateTime?>(new CommandDefinition(
            "SELECT reached_at FROM progress WHERE name = @EventsName", new { EventsName }, cancellationToken: cancellationToken));
        var since = reached is { } end ? new DateTimeOffset(end, TimeSpan.Zero) - Overlap : now - FirstLook;
        if (since < now - LongestLook) since = now - LongestLook;

        var missing = new List<PaymentEvent>();
        string? after = null;
        for (var page = 0; ; page++)
        {
            if (page == MaxEventPages) throw new PaymentsException(PaymentsFailure.Refused, "too_many_events", null);
            var read = await payments.ListEventsAsync(since, after, cancellationToken);
            var known = (await connection.QueryAsync<string>(new CommandDefinition(
                "SELECT id FROM events WHERE id = ANY (@ids)", new { ids = read.Items.Select(one => one.Id).ToArray() }, cancellationToken: cancellationToken))).ToHashSet();
            missing.AddRange(read.Items.Where(one => !known.Contains(one.Id)));
            if (!read.HasMore || read.Items.Count == 0) break;
            after = read.Items[^1].Id;
        }

        var found = 0;
        // Oldest first, as they happened.
        for (var i = missing.Count - 1; i >= 0; i--)
        {
            try
            {
                if (await records.ApplyAsync(missing[i], cancellationToken) == EventOutcome.Applied) found++;
            }
            catch (PaymentsException error) when (error.Failure != PaymentsFailure.Unavailable)
            {
                // One customer that cannot be read must not keep the others waiting.
                Log.EventFailed(logger, missing[i].Id, error);
            }
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO progress AS p (name, reached_at) VALUES (@EventsName, @now)
            ON CONFLICT (name) DO UPDATE SET reached_at = greatest(p.reached_at, excluded.reached_at)
            """,
            new { EventsName, now },
            cancellationToken: cancellationToken));
        return found;
    }

    private async Task ReadDueAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            var due = (await connection.QueryAsync<Guid>(new CommandDefinition(
                "SELECT user_id FROM customers WHERE due_at <= @now ORDER BY due_at LIMIT @CustomersAtATime", new { now, CustomersAtATime }, cancellationToken: cancellationToken))).AsList();
            foreach (var user in due) await records.ReadAsync(user, cancellationToken);
            if (due.Count < CustomersAtATime) return;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3068, LogLevel.Error, "{EventId} of the payment provider cannot be applied, and is left out")]
        public static partial void EventFailed(ILogger logger, string eventId, Exception exception);

        [LoggerMessage(3064, LogLevel.Warning, "{Count} events of the payment provider had come by no webhook; they are applied now")]
        public static partial void Found(ILogger logger, int count);

        [LoggerMessage(3065, LogLevel.Warning, "Looking for lost events of the payment provider failed; the next look begins where this one did")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
