using System.Text;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.Ingest.Webhooks;

/// <summary>
/// Sends every delivery that is due until its endpoint has said 2xx, ever more rarely, and gives up after days. Any number of processes may
/// send; a delivery is tried by one of them at a time, and again by another where one dies.
/// </summary>
internal sealed partial class WebhookSender(
    IngestDatabase database, WebhookClient client, WebhookSigner signer, WebhookSignal signal, IngestOptions options, TimeProvider time,
    ILogger<WebhookSender> logger)
    : BackgroundService
{
    private const int Gone = 410;
    private const double Factor = 4;
    private const double Jitter = 0.2;
    private readonly WebhookOptions _options = options.Webhooks;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new Dictionary<Task, Guid>();
        while (!stoppingToken.IsCancellationRequested)
        {
            var claimed = 0;
            try
            {
                var free = _options.Concurrency - running.Count;
                if (free > 0)
                {
                    var busy = running.Values.CountBy(endpoint => endpoint).Where(pair => pair.Value >= _options.ConcurrencyPerEndpoint).Select(pair => pair.Key);
                    foreach (var delivery in await ClaimAsync(free, [.. busy], stoppingToken))
                    {
                        running.Add(Task.Run(() => DeliverAsync(delivery, stoppingToken), CancellationToken.None), delivery.Endpoint);
                        claimed++;
                    }
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.CannotClaim(logger, exception);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            // Where something was claimed there may be more; else wait for news, or for an attempt to end and make room.
            if (claimed == 0 || running.Count >= _options.Concurrency)
            {
                using var enough = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var news = signal.WaitAsync(options.PollInterval, time, enough.Token);
                await Task.WhenAny([news, .. running.Keys]);
                await enough.CancelAsync();
                await news.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            foreach (var ended in running.Keys.Where(task => task.IsCompleted).ToList()) running.Remove(ended);
        }
        await Task.WhenAll(running.Keys);
    }

    // A claim is only a later next time: where its process dies, the delivery is due again by itself.
    private async Task<List<Delivery>> ClaimAsync(int count, Guid[] busy, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Delivery>(new CommandDefinition(
            """
            with due as (
              select d.id from webhook_deliveries d
              where d.id in (
                select id from (
                  select d.id, row_number() over (partition by d.endpoint_id order by d.next_at) as turn
                  from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id
                  where d.state = 'pending' and d.next_at <= now() and e.disabled_at is null and d.endpoint_id <> all(@busy)) due
                where turn <= @each order by turn limit @count)
              and d.state = 'pending' and d.next_at <= now()
              for update skip locked)
            update webhook_deliveries d set attempts = attempts + 1, tries = tries + 1, next_at = now() + @claim, updated_at = now()
            from due, webhook_events v, webhook_endpoints e
            where d.id = due.id and v.id = d.event_id and e.id = d.endpoint_id
            returning d.id as "Id", d.endpoint_id as "Endpoint", d.event_id as "Event", d.attempts as "Attempt", d.tries as "Try", v.body as "Body",
              e.url as "Url", e.secret_number as "SecretNumber", coalesce(e.previous_until > now(), false) as "SignsWithPrevious"
            """,
            new { count, busy, each = _options.ConcurrencyPerEndpoint, claim = 2 * _options.Timeout + TimeSpan.FromSeconds(5) },
            cancellationToken: cancellationToken))).AsList();
    }

    private async Task DeliverAsync(Delivery delivery, CancellationToken stopping)
    {
        try
        {
            var started = time.GetTimestamp();
            var answer = await SendAsync(delivery, stopping);
            var elapsed = time.GetElapsedTime(started);
            await RecordAsync(delivery, answer, elapsed);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await GiveBackAsync(delivery);
        }
        catch (Exception exception)
        {
            // Nothing was recorded: the delivery is due again by itself.
            Log.CannotRecord(logger, delivery.Id, exception);
        }
    }

    private Task<WebhookAnswer> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        // What was allowed when the endpoint was made may not be any more.
        if (!WebhookUrl.TryRead(delivery.Url, _options, out var url)) return Task.FromResult(new WebhookAnswer(null, "forbidden_address", ""));
        var id = WebhookId.OfEvent(delivery.Event);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        var body = Encoding.UTF8.GetBytes(delivery.Body);
        int[] numbers = delivery.SignsWithPrevious ? [delivery.SecretNumber, delivery.SecretNumber - 1] : [delivery.SecretNumber];
        var signature = signer.Sign(delivery.Endpoint, numbers, id, timestamp, body);
        return client.SendAsync(url, id, timestamp, signature, body, cancellationToken);
    }

    private async Task RecordAsync(Delivery delivery, WebhookAnswer answer, TimeSpan elapsed)
    {
        var isGone = answer.Status == Gone;
        var state = answer.IsDelivered ? "delivered" : isGone || delivery.Try >= _options.MaxAttempts ? "failed" : "pending";
        var wait = Wait(delivery.Try);
        if (answer.RetryAfter > wait) wait = answer.RetryAfter.Value;

        await using var connection = await database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // The endpoint may have been deleted meanwhile, and the delivery with it.
        var stands = await connection.ExecuteAsync(
            """
            update webhook_deliveries set state = case when tries = @Try then @state else state end,
              next_at = case when tries = @Try then now() + @wait else next_at end, updated_at = now()
            where id = @Id
            """,
            new { delivery.Id, delivery.Try, state, wait }, transaction) == 1;
        if (!stands) return;
        await connection.ExecuteAsync(
            """
            insert into webhook_attempts (delivery_id, number, status, error, milliseconds, snippet)
            values (@Id, @Attempt, @Status, @Error, @milliseconds, @Snippet) on conflict do nothing
            """,
            new { delivery.Id, delivery.Attempt, answer.Status, answer.Error, milliseconds = (int)elapsed.TotalMilliseconds, answer.Snippet }, transaction);
        if (state == "delivered")
        {
            await connection.ExecuteAsync("update webhook_endpoints set failures = 0 where id = @Endpoint and failures > 0", delivery, transaction);
        }
        else if (state == "failed")
        {
            var isDisabled = await connection.ExecuteScalarAsync<bool>(
                """
                update webhook_endpoints set failures = failures + 1,
                  disabled_at = case when @isGone or failures + 1 >= @DisableAfter then coalesce(disabled_at, now()) else disabled_at end,
                  disabled_reason = case when @isGone or failures + 1 >= @DisableAfter
                    then coalesce(disabled_reason, case when @isGone then 'gone' else 'failing' end) else disabled_reason end
                where id = @Endpoint returning disabled_at is not null
                """,
                new { delivery.Endpoint, isGone, _options.DisableAfter }, transaction);
            if (isDisabled) Log.Disabled(logger, delivery.Endpoint);
        }
        await transaction.CommitAsync();
    }

    private async Task GiveBackAsync(Delivery delivery)
    {
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync();
            await connection.ExecuteAsync(
                "update webhook_deliveries set tries = tries - 1, next_at = now() where id = @Id and state = 'pending' and tries = @Try", delivery);
        }
        catch (NpgsqlException exception)
        {
            Log.CannotRecord(logger, delivery.Id, exception);
        }
    }

    /// <summary>How long to wait after the n-th try: by default 5 s, 20 s, 80 s, … 24 h, each a fifth shorter or longer by chance.</summary>
    private TimeSpan Wait(int tries)
    {
        var wait = _options.FirstRetry * Math.Pow(Factor, Math.Min(tries - 1, 20));
        if (wait > _options.LongestRetry) wait = _options.LongestRetry;
        return wait * (1 - Jitter + 2 * Jitter * Random.Shared.NextDouble());
    }

    private sealed class Delivery
    {
        public Guid Id { get; init; }
        public Guid Endpoint { get; init; }
        public Guid Event { get; init; }
        public int Attempt { get; init; }
        public int Try { get; init; }
        public string Body { get; init; } = "";
        public string Url { get; init; } = "";
        public int SecretNumber { get; init; }
        public bool SignsWithPrevious { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(3701, LogLevel.Warning, "The deliveries of webhooks cannot be read; trying again")]
        public static partial void CannotClaim(ILogger logger, Exception exception);

        [LoggerMessage(3702, LogLevel.Warning, "What came of the delivery {Delivery} could not be recorded; it is sent again")]
        public static partial void CannotRecord(ILogger logger, Guid delivery, Exception exception);

        [LoggerMessage(3703, LogLevel.Warning, "The webhook endpoint {Endpoint} is disabled: it does not take its messages")]
        public static partial void Disabled(ILogger logger, Guid endpoint);
    }
}
