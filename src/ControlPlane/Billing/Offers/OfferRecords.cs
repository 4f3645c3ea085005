using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;

namespace Movento.ControlPlane.Billing;

/// <summary>Our own record of what is sold, read from the payment provider as a whole.</summary>
internal sealed partial class OfferRecords(BillingDatabase database, IPayments payments, TimeProvider time)
{
    private const string ProgressName = "offers";

    /// <summary>Reads everything that is sold.</summary>
    /// <param name="happened">What led to it, to be written down with it; null for nothing.</param>
    /// <exception cref="PaymentsException">It could not be read; nothing was written.</exception>
    public async Task ReadAsync(PaymentEvent? happened, CancellationToken cancellationToken)
    {
        long reading;
        await using (var connection = await database.OpenAsync(cancellationToken))
            reading = await connection.QuerySingleAsync<long>(new CommandDefinition("SELECT nextval('readings')", cancellationToken: cancellationToken));

        var offers = await payments.ReadOffersAsync(cancellationToken);
        await using (var connection = await database.OpenAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            var now = time.GetUtcNow();
            if (happened is not null)
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "INSERT INTO events (id, type, created_at, received_at) VALUES (@Id, @Type, @CreatedAt, @now) ON CONFLICT (id) DO NOTHING",
                    new { happened.Id, happened.Type, happened.CreatedAt, now },
                    transaction,
                    cancellationToken: cancellationToken));
            }

            var isNewest = await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO progress AS p (name, reading, reached_at) VALUES (@ProgressName, @reading, @now)
                ON CONFLICT (name) DO UPDATE SET reading = excluded.reading, reached_at = excluded.reached_at WHERE p.reading < excluded.reading
                """,
                new { ProgressName, reading, now },
                transaction,
                cancellationToken: cancellationToken)) == 1;
            if (isNewest)
            {
                // What is no longer there goes on for those who have it, and is sold to nobody.
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    UPDATE products SET is_active = false WHERE NOT id = ANY (@products);
                    UPDATE prices SET is_active = false WHERE NOT id = ANY (@prices);
                    INSERT INTO products AS p (id, kind, code, name, description, is_active, position, streams, max_height, trial_days, rental_hours)
                    SELECT r.* FROM jsonb_to_recordset(@offers::jsonb) AS r (
                      id text, kind text, code text, name text, description text, is_active boolean, position integer, streams integer, max_height integer,
                      trial_days integer, rental_hours integer)
                    ON CONFLICT (id) DO UPDATE SET
                      kind = excluded.kind, code = excluded.code, name = excluded.name, description = excluded.description, is_active = excluded.is_active,
                      position = excluded.position, streams = excluded.streams, max_height = excluded.max_height, trial_days = excluded.trial_days,
                      rental_hours = excluded.rental_hours;
                    INSERT INTO prices AS p (id, product_id, is_active, currency, amount, interval, interval_count)
                    SELECT r.* FROM jsonb_to_recordset(@offers::jsonb) AS o (prices jsonb), jsonb_to_recordset(o.prices) AS r (
                      id text, product_id text, is_active boolean, currency text, amount bigint, interval text, interval_count integer)
                    ON CONFLICT (id) DO UPDATE SET
                      product_id = excluded.product_id, is_active = excluded.is_active, currency = excluded.currency, amount = excluded.amount,
                      interval = excluded.interval, interval_count = excluded.interval_count;
                    """,
                    new
                    {
                        products = offers.Select(offer => offer.Id).ToArray(),
                        prices = offers.SelectMany(offer => offer.Prices).Select(price => price.Id).ToArray(),
                        offers = JsonSerializer.Serialize(offers, OffersJson.Default.IReadOnlyListOffer),
                    },
                    transaction,
                    cancellationToken: cancellationToken));
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(IReadOnlyList<Offer>))]
    private sealed partial class OffersJson : JsonSerializerContext;
}
