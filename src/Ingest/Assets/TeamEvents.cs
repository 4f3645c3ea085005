using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Npgsql;

namespace Movento.Ingest.Assets;

/// <summary>
/// All changes of a team's assets as one stream of events, each with the whole asset. Whoever comes back with the last event's id is told
/// what changed meanwhile; who stayed away too long is told to read the list anew.
/// </summary>
internal sealed class TeamEvents(IngestDatabase database, AssetChanges changes, EventStreams streams, TimeProvider time)
{
    // The next look at the database where no change was heard of, and how far looks are apart at least: bars move well enough with two a second.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private const int Batch = 200;

    public async Task StreamAsync(HttpContext context)
    {
        if (!Owner.TryGetTeam(context.User, out var team))
        {
            await IngestError.NoUser.Result().ExecuteAsync(context);
            return;
        }
        await streams.OpenAsync(context, (stream, cancellationToken) => WriteAsync(team, stream, cancellationToken));
    }

    private async Task WriteAsync(Guid team, EventStream stream, CancellationToken cancellationToken)
    {
        await stream.BeginAsync(cancellationToken);
        using var subscription = changes.Subscribe(team);

        // 1. From where.
        ChangeCursor cursor;
        await using (var connection = await database.Source.OpenConnectionAsync(cancellationToken))
        {
            var now = await ChangeCursor.TakeAsync(connection, time, cancellationToken);
            if (stream.LastEventId is not { } last || !ChangeCursor.TryRead(last, now, out cursor))
            {
                cursor = now;
                await stream.SendAsync(cursor.ToString(), stream.LastEventId is null ? "open" : "reset", "{}", cancellationToken);
            }
        }

        // 2. Look by look. A change may be read by two looks: what was sent of those that can come again is remembered.
        var sent = new Dictionary<Guid, long>();
        while (true)
        {
            cursor = await SendChangesAsync(team, cursor, sent, stream, cancellationToken);
            await stream.KeepAliveAsync(cursor.ToString(), cancellationToken);
            await Task.Delay(Pace, time, cancellationToken);
            await subscription.WaitAsync(Look, time, cancellationToken);
        }
    }

    private async Task<ChangeCursor> SendChangesAsync(
        Guid team, ChangeCursor from, Dictionary<Guid, long> sent, EventStream stream, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var next = await ChangeCursor.TakeAsync(connection, time, cancellationToken);
        var again = new Dictionary<Guid, long>();
        var isNews = false;
        var (transaction, id) = (from.Transaction, Guid.Empty);
        while (true)
        {
            var rows = await ReadAsync(connection, team, transaction, id, cancellationToken);
            foreach (var row in rows)
            {
                if (row.ChangedIn >= next.Transaction) again[row.Id] = row.Revision;
                if (sent.TryGetValue(row.Id, out var revision) && revision == row.Revision) continue;
                isNews = true;
                // The id of the look before: a reader that is cut off within this one hears all of it again.
                await stream.SendAsync(from.ToString(), "asset", JsonSerializer.Serialize(row.View(), AssetJson.Default.AssetView), cancellationToken);
            }
            if (rows.Count < Batch) break;
            (transaction, id) = (rows[^1].ChangedIn, rows[^1].Id);
        }

        // Removed ones come last: whatever was said of them before is over.
        const long Gone = -1;
        foreach (var (asset, changedIn) in await connection.QueryAsync<(Guid, long)>(new CommandDefinition(
            "select asset_id, changed_in from removed_assets where team_id = @team and changed_in >= @Transaction order by changed_in",
            new { team, from.Transaction }, cancellationToken: cancellationToken)))
        {
            if (changedIn >= next.Transaction) again[asset] = Gone;
            if (sent.TryGetValue(asset, out var revision) && revision == Gone) continue;
            isNews = true;
            await stream.SendAsync(
                from.ToString(), "deleted", JsonSerializer.Serialize(new RemovedAsset(new AssetId(asset).ToString()), AssetJson.Default.RemovedAsset),
                cancellationToken);
        }

        sent.Clear();
        foreach (var (asset, revision) in again) sent[asset] = revision;
        if (isNews) await stream.MarkAsync(next.ToString(), cancellationToken);
        return next;
    }

    private static async Task<List<AssetRow>> ReadAsync(
        NpgsqlConnection connection, Guid team, long transaction, Guid id, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<AssetRow>(new CommandDefinition(
            $"""
            select {AssetRow.Columns} from assets
            where team_id = @team and (changed_in, id) > (@transaction, @id) and state <> 'deleting'
            order by changed_in, id limit @Batch
            """,
            new { team, transaction, id, Batch }, cancellationToken: cancellationToken))).AsList();
}
