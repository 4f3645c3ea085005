using Dapper;
using Microsoft.Extensions.Logging;
using Movento.Contracts;

namespace Movento.Ingest.Assets;

/// <summary>Removes what killed processes left: uploads that nobody receives any more, and removals that nobody finished.</summary>
internal sealed partial class Sweep(
    IngestDatabase database, AssetRemoval removal, IngestOptions options, TimeProvider time, ILogger<Sweep> logger)
    : PeriodicSweep(options.AbandonedAfter / 4, time)
{
    private const int Batch = 100;

    public override async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update assets set state = 'deleting' where state = 'receiving' and lease_until < now()", cancellationToken: cancellationToken));
        var marked = await connection.QueryAsync<Guid>(new CommandDefinition(
            "select id from assets where state = 'deleting' and coalesce(lease_until < now(), true) order by id limit @Batch",
            new { Batch }, cancellationToken: cancellationToken));
        foreach (var id in marked)
        {
            var asset = new AssetId(id);
            if (await removal.FinishAsync(asset, cancellationToken)) Log.Removed(logger, asset.ToString());
        }
    }

    protected override void Failed(Exception exception) => Log.Failed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(3601, LogLevel.Information, "Removed {Asset}, which was left behind")]
        public static partial void Removed(ILogger logger, string asset);

        [LoggerMessage(3602, LogLevel.Warning, "The sweep failed; it comes again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
