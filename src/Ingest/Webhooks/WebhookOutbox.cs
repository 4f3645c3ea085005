using System.Text.Json;
using Dapper;
using Movento.Ingest.Assets;
using Npgsql;

namespace Movento.Ingest.Webhooks;

/// <summary>Keeps events for a team's endpoints, in the transaction that makes them true.</summary>
internal static class WebhookOutbox
{
    /// <summary>Keeps an event of an asset whose row is still there; nothing where its team has no endpoint.</summary>
    public static async Task KeepAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid asset, string type, CancellationToken cancellationToken)
    {
        var team = await connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(
            """
            select team_id from assets where id = @asset
              and exists (select from webhook_endpoints where webhook_endpoints.team_id = assets.team_id)
            """,
            new { asset }, transaction, cancellationToken: cancellationToken));
        if (team is null) return;
        var row = await connection.QuerySingleAsync<AssetRow>(new CommandDefinition(
            $"select {AssetRow.Columns} from assets where id = @asset", new { asset }, transaction, cancellationToken: cancellationToken));
        var view = row.State == AssetState.Deleting ? row.View() with { State = "deleted", Version = null, Job = null } : row.View();
        var id = await KeepAsync(connection, transaction, team.Value, asset, type, view, cancellationToken);
        // An endpoint that is disabled gets nothing; when it is well again, its owner may have everything since sent.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into webhook_deliveries (id, endpoint_id, event_id)
            select gen_random_uuid(), id, @id from webhook_endpoints
            where team_id = @team and disabled_at is null and @type = any(events)
            """,
            new { id, team, type }, transaction, cancellationToken: cancellationToken));
    }

    /// <summary>Keeps an event alone, without its deliveries, and returns its id.</summary>
    public static async Task<Guid> KeepAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid team, Guid? asset, string type, AssetView? data,
        CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        // The database's clock, as everything else in the row.
        var now = new DateTimeOffset(await connection.ExecuteScalarAsync<DateTime>(new CommandDefinition(
            "select now()", transaction: transaction, cancellationToken: cancellationToken)));
        var body = JsonSerializer.Serialize(new WebhookMessage(type, now, data), WebhookJson.Default.WebhookMessage);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into webhook_events (id, team_id, asset_id, type, body) values (@id, @team, @asset, @type, @body)",
            new { id, team, asset, type, body }, transaction, cancellationToken: cancellationToken));
        return id;
    }
}
