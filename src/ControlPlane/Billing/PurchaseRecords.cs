using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using MassTransit;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.ControlPlane.Billing.Stripe;
using Npgsql;

namespace Movento.ControlPlane.Billing;

/// <summary>
/// Our own record of what customers have bought, from which everything else follows. It is only ever written as it was just read from the payment
/// provider, whole: an event says that there is something to read, and nothing else of it is believed.
/// </summary>
/// <remarks>
/// A reading takes a number before it asks, and is written only over older numbers. So a reading that was overtaken changes nothing, and whatever an
/// event was about is in the record once the event is: its reading began after the change, and so did every one that is written over it.
/// </remarks>
internal sealed partial class PurchaseRecords(
    BillingDatabase database, IPayments payments, OfferRecords offers, BillingOptions options, IBus bus, TimeProvider time, ILogger<PurchaseRecords> logger)
{
    /// <summary>Rentals begun before it are over: they last a month at most, and a checkout stays open for a day.</summary>
    private static readonly TimeSpan RentalsReach = TimeSpan.FromHours(StripeOffers.MaxRentalHours) + TimeSpan.FromDays(3);

    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(2);

    /// <summary>How long what is running is believed without hearing anything.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(1);

    private static readonly TimeSpan DelinquentSilence = TimeSpan.FromHours(6);

    /// <summary>Until a renewal has had its invoice paid.</summary>
    private static readonly TimeSpan RenewalDelay = TimeSpan.FromHours(2);

    /// <summary>Writes down what an event leads to, and the event with it: both or neither.</summary>
    /// <exception cref="PaymentsException">What is so now could not be read; nothing was written.</exception>
    public async Task<EventOutcome> ApplyAsync(PaymentEvent happened, CancellationToken cancellationToken)
    {
        long reading;
        Guid? user;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            (var isKnown, user, reading) = await connection.QuerySingleAsync<(bool, Guid?, long)>(new CommandDefinition(
                """
                SELECT EXISTS (SELECT 1 FROM events WHERE id = @Id), (SELECT user_id FROM customers WHERE id = @Customer), nextval('readings')
                """,
                new { happened.Id, happened.Customer },
                cancellationToken: cancellationToken));
            if (isKnown) return EventOutcome.Duplicate;
        }

        if (happened.IsAboutOffers)
        {
            await offers.ReadAsync(happened, cancellationToken);
            return EventOutcome.Applied;
        }

        if (user is not { } known) return EventOutcome.NotOurs;
        await ReadAsync(known, happened.Customer!, reading, happened, cancellationToken);
        return EventOutcome.Applied;
    }

    /// <summary>Reads again what a user has bought; nothing where they are no customer.</summary>
    /// <exception cref="PaymentsException">It could not be read.</exception>
    public async Task ReadAsync(Guid user, CancellationToken cancellationToken)
    {
        string? customer;
        long reading;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            (customer, reading) = await connection.QuerySingleAsync<(string?, long)>(new CommandDefinition(
                "SELECT (SELECT id FROM customers WHERE user_id = @user), nextval('readings')", new { user }, cancellationToken: cancellationToken));
        }

        if (customer is not null) await ReadAsync(user, customer, reading, null, cancellationToken);
    }

    private async Task ReadAsync(Guid user, string customer, long reading, PaymentEvent? happened, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isGone = happened?.Type == StripeEvents.CustomerDeleted && !await payments.HasCustomerAsync(customer, cancellationToken);
        var purchases = isGone ? null : await payments.ReadPurchasesAsync(customer, now - RentalsReach, cancellationToken);
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            if (purchases is null) await ForgetAsync(connection, user, customer, happened, now, cancellationToken);
            else await WriteAsync(connection, user, reading, purchases, happened, now, cancellationToken);
        }

        await TellAsync(user, cancellationToken);
    }

    // A wake-up call, for which nobody waits long: whoever misses it asks at the next heartbeat.
    private async Task TellAsync(Guid user, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LongestCall);
        try
        {
            await bus.Publish(new EntitlementChanged(user), patience.Token);
        }
#pragma warning disable CA1031 // Whatever the broker's client throws, the record is written.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.Untold(logger, error);
        }
    }

    // One statement, so one transaction: the event is in the inbox with its effect, or not at all.
    private async Task WriteAsync(
        NpgsqlConnection connection, Guid user, long reading, Purchases purchases, PaymentEvent? happened, DateTimeOffset now, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH event AS (
              INSERT INTO events (id, type, created_at, received_at)
              SELECT @eventId, @eventType, @eventAt, @now WHERE @eventId IS NOT NULL ON CONFLICT (id) DO NOTHING),
            claimed AS (
              UPDATE customers SET reading = @reading, read_at = @now,
                due_at = least(@dueAt, CASE WHEN checkout_until > @now THEN checkout_until END)
              WHERE user_id = @user AND reading < @reading RETURNING user_id),
            gone AS (
              DELETE FROM subscriptions s USING claimed c WHERE s.user_id = c.user_id AND NOT s.id = ANY (@ids)),
            subscribed AS (
              INSERT INTO subscriptions AS s (
                id, user_id, item_id, product_id, price_id, status, created_at, period_start, period_end, trial_end, cancel_at, cancel_at_period_end,
                ended_at, unpaid_since)
              SELECT r.id, c.user_id, r.item_id, r.product_id, r.price_id, r.status, r.created_at, r.period_start, r.period_end, r.trial_end, r.cancel_at,
                r.cancel_at_period_end, r.ended_at, r.unpaid_since
              FROM claimed c, jsonb_to_recordset(@subscriptions::jsonb) AS r (
                id text, item_id text, product_id text, price_id text, status text, created_at timestamptz, period_start timestamptz, period_end timestamptz,
                trial_end timestamptz, cancel_at timestamptz, cancel_at_period_end boolean, ended_at timestamptz, unpaid_since timestamptz)
              ON CONFLICT (id) DO UPDATE SET
                item_id = excluded.item_id, product_id = excluded.product_id, price_id = excluded.price_id, status = excluded.status,
                period_start = excluded.period_start, period_end = excluded.period_end, trial_end = excluded.trial_end, cancel_at = excluded.cancel_at,
                cancel_at_period_end = excluded.cancel_at_period_end, ended_at = excluded.ended_at, unpaid_since = excluded.unpaid_since)
            INSERT INTO rentals AS o (id, user_id, asset_id, product_id, rented_at, expires_at, is_refunded)
            SELECT r.id, c.user_id, r.asset_id, r.product_id, r.rented_at, r.expires_at, r.is_refunded
            FROM claimed c, jsonb_to_recordset(@rentals::jsonb) AS r (
              id text, user_id uuid, asset_id uuid, product_id text, rented_at timestamptz, expires_at timestamptz, is_refunded boolean)
            ON CONFLICT (id) DO UPDATE SET rented_at = excluded.rented_at, expires_at = excluded.expires_at, is_refunded = excluded.is_refunded
            """,
            new
            {
                user,
                reading,
                now,
                dueAt = DueAt(purchases, now),
                eventId = happened?.Id,
                eventType = happened?.Type,
                eventAt = happened?.CreatedAt,
                ids = purchases.Subscriptions.Select(one => one.Id).ToArray(),
                subscriptions = JsonSerializer.Serialize(purchases.Subscriptions, RecordsJson.Default.IReadOnlyListPaidSubscription),
                // Written into the metadata by whoever made the checkout: it counts for the user whose customer paid.
                rentals = JsonSerializer.Serialize(purchases.Rentals.Where(one => one.UserId == user).ToArray(), RecordsJson.Default.IReadOnlyListPaidRental),
            },
            cancellationToken: cancellationToken));

    // The customer was deleted there, and with it every subscription. A new one can be made.
    private static Task<int> ForgetAsync(NpgsqlConnection connection, Guid user, string customer, PaymentEvent? happened, DateTimeOffset now, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            WITH event AS (
              INSERT INTO events (id, type, created_at, received_at)
              SELECT @eventId, @eventType, @eventAt, @now WHERE @eventId IS NOT NULL ON CONFLICT (id) DO NOTHING)
            DELETE FROM customers WHERE user_id = @user AND id = @customer
            """,
            new { user, customer, now, eventId = happened?.Id, eventType = happened?.Type, eventAt = happened?.CreatedAt },
            cancellationToken: cancellationToken));

    private DateTimeOffset? DueAt(Purchases purchases, DateTimeOffset now)
    {
        DateTimeOffset? due = null;
        foreach (var one in purchases.Subscriptions)
        {
            if (SubscriptionStatus.IsOver(one.Status)) continue;
            var silence = one.Status is SubscriptionStatus.Active or SubscriptionStatus.Trialing ? LongestSilence : DelinquentSilence;
            var next = now + silence;
            // Before what is believed of a renewal runs out.
            var renewed = one.PeriodEnd + (options.RenewalSlack / 2 < RenewalDelay ? options.RenewalSlack / 2 : RenewalDelay);
            if (renewed > now && renewed < next) next = renewed;
            if (due is null || next < due) due = next;
        }

        return due;
    }

    private static partial class Log
    {
        [LoggerMessage(3069, LogLevel.Warning, "Players could not be told that what somebody may play has changed; they ask at their next heartbeat")]
        public static partial void Untold(ILogger logger, Exception exception);
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(IReadOnlyList<PaidSubscription>))]
    [JsonSerializable(typeof(IReadOnlyList<PaidRental>))]
    private sealed partial class RecordsJson : JsonSerializerContext;
}
