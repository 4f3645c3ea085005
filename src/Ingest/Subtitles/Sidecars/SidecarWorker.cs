using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Movento.Contracts;

namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>Finds published assets whose version lacks what was uploaded or removed since, and has each made anew.</summary>
internal sealed partial class SidecarWorker(
    IngestDatabase database, SidecarPublication publication, SidecarSignal signal, IngestOptions options, TimeProvider time, ILogger<SidecarWorker> logger) : BackgroundService
{
    private const int Batch = 16;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var published = 0;
            try
            {
                foreach (var asset in await FindAsync(stoppingToken)) published += await PublishAsync(asset, stoppingToken) ? 1 : 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.NotFound(logger, exception);
            }
            // Where one was made there may be more; else one that fails would be tried without a pause.
            if (published == 0) await signal.WaitAsync(options.PollInterval, time, stoppingToken);
        }
    }

    private async Task<bool> PublishAsync(AssetId asset, CancellationToken cancellationToken)
    {
        try
        {
            return await publication.PublishAsync(asset, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, asset.ToString(), exception);
            return false;
        }
    }

    private async Task<IReadOnlyList<AssetId>> FindAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var found = await connection.QueryAsync<Guid>(new CommandDefinition(
            """
            select a.id from assets a left join sidecar_versions v on v.asset_id = a.id and v.version = a.version
            where a.sidecars > 0 and a.state = 'published' and coalesce(v.sidecars, 0) <> a.sidecars order by random() limit @Batch
            """,
            new { Batch }, cancellationToken: cancellationToken));
        return [.. found.Select(id => new AssetId(id))];
    }

    private static partial class Log
    {
        [LoggerMessage(3741, LogLevel.Error, "The version of {Asset} with its sidecars could not be made; it is tried again")]
        public static partial void Failed(ILogger logger, string asset, Exception exception);

        [LoggerMessage(3742, LogLevel.Error, "Sidecars cannot be looked for")]
        public static partial void NotFound(ILogger logger, Exception exception);
    }
}
