using Dapper;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Ingest.Webhooks;
using Movento.Storage;

namespace Movento.Ingest.Assets;

/// <summary>
/// Removes what has had its time: versions that another one replaced, objects of attempts that ended without a version, and what is only
/// remembered for a while.
/// </summary>
internal sealed partial class LeftoverSweep(
    IngestDatabase database, IObjectStore store, Leftovers leftovers, WebhookRetention webhooks, IngestOptions options, TimeProvider time,
    ILogger<LeftoverSweep> logger)
    : PeriodicSweep(options.AbandonedAfter / 4, time)
{
    private const int Batch = 100;

    public override async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);

        // 1. Versions that nobody's token names any more. The row goes last, so that a sweep that is killed is gone on with.
        var retired = await connection.QueryAsync<(Guid Asset, int Version)>(new CommandDefinition(
            "select asset_id, version from asset_versions where retired_at < now() - @grace order by retired_at limit @Batch",
            new { grace = options.RetiredVersionGrace, Batch }, cancellationToken: cancellationToken));
        foreach (var (id, version) in retired)
        {
            var asset = new AssetId(id);
            await store.DeleteAllAsync(StorageKey.VersionPrefix(asset, version), cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                "delete from asset_versions where asset_id = @id and version = @version and retired_at is not null", new { id, version },
                cancellationToken: cancellationToken));
            Log.Removed(logger, asset.ToString(), version);
        }

        // 2. Objects of attempts that ended without a version.
        var untidy = await connection.QueryAsync<Guid>(new CommandDefinition(
            "select id from assets where tidy_at <= now() and state not in ('receiving', 'deleting') order by tidy_at limit @Batch",
            new { Batch }, cancellationToken: cancellationToken));
        foreach (var id in untidy)
        {
            await leftovers.RemoveAsync(new AssetId(id), kept: null, cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                "update assets set tidy_at = null where id = @id and tidy_at <= now()", new { id }, cancellationToken: cancellationToken));
        }

        // 3. What is remembered for a while.
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from removed_assets where removed_at < now() - @remembered", new { remembered = ChangeCursor.Remembered },
            cancellationToken: cancellationToken));
        await webhooks.RemoveAsync(connection, cancellationToken);
    }

    protected override void Failed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(3631, LogLevel.Information, "Removed version {Version} of {Asset}, which another one has replaced")]
        public static partial void Removed(ILogger logger, string asset, int version);

        [LoggerMessage(3632, LogLevel.Warning, "The sweep of leftovers failed; it comes again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
