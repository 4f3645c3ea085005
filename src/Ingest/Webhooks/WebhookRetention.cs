using Dapper;
using Npgsql;

namespace Movento.Ingest.Webhooks;

/// <summary>Forgets events, with their deliveries, when they have been kept long enough.</summary>
internal sealed class WebhookRetention(IngestOptions options)
{
    private const int Batch = 5000;

    public Task RemoveAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            delete from webhook_events where id in (
              select id from webhook_events e where created_at < now() - @kept
                and not exists (select from webhook_deliveries d where d.event_id = e.id and d.state = 'pending' and d.updated_at > now() - @kept)
              order by created_at limit @Batch)
            """,
            new { kept = options.Webhooks.Retention, Batch }, cancellationToken: cancellationToken));
}
