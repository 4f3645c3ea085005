using Dapper;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Storage;

namespace Movento.Ingest.Growing;

/// <summary>
/// Removes what was given out while versions grew. That it will have to be is written down in the transaction that publishes the version
/// (<see cref="Jobs.JobQueue.PublishAsync"/>), whether anything was given out or not: a process that is killed right after it leaves nothing behind.
/// </summary>
internal sealed partial class GrowingRemains(IngestDatabase database, IObjectStore store, TimeProvider time, ILogger<GrowingRemains> logger)
    : PeriodicSweep(Interval, time)
{
    private const int Batch = 20;

    /// <summary>Far longer than an edge takes to see that a version is whole, and than a slow client takes for a segment that it has begun.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    public override async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (await RemoveDueAsync(cancellationToken) == Batch)
        {
        }
    }

    /// <summary>Removes what has waited long enough.</summary>
    /// <returns>How many versions.</returns>
    internal async Task<int> RemoveDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var due = (await connection.QueryAsync<(Guid Asset, int Version)>(new CommandDefinition(
            "select asset_id, version from growing_remains where remove_after <= now() order by remove_after limit @Batch",
            new { Batch }, cancellationToken: cancellationToken))).AsList();
        foreach (var (asset, version) in due)
        {
            await RemoveAsync(new AssetId(asset), version, cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                "delete from growing_remains where asset_id = @asset and version = @version", new { asset, version }, cancellationToken: cancellationToken));
        }

        return due.Count;
    }

    // First the text, so that nothing is named that is not there.
    private async Task RemoveAsync(AssetId asset, int version, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(StorageKey.Growing(asset, version), cancellationToken);
        await store.DeleteAllAsync(StorageKey.GrowingPrefix(asset, version), cancellationToken);
    }

    protected override void Failed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(3921, LogLevel.Warning, "What was given out early could not be removed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
