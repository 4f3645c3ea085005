using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Movento.Ingest.Webhooks;

/// <summary>
/// Tells endpoints that ask for it how far assets are: at most once in a while, and only what has changed. Any number of processes may do so;
/// an asset's revision is told by one of them.
/// </summary>
internal sealed partial class ProgressEvents(
    IngestDatabase database, WebhookSignal signal, IngestOptions options, TimeProvider time, ILogger<ProgressEvents> logger) : BackgroundService
{
    private const int Batch = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Webhooks.ProgressInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await TellAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    Log.Failed(logger, exception);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var told = (await connection.QueryAsync<Guid>(new CommandDefinition(
            """
            update assets set progress_told = revision where id in (
              select id from assets
              where state in ('receiving', 'processing') and revision > progress_told and exists (
                select from webhook_endpoints e where e.team_id = assets.team_id and e.disabled_at is null and @Progress = any(e.events))
              order by id limit @Batch for update skip locked)
            returning id
            """,
            new { WebhookEventType.Progress, Batch }, transaction, cancellationToken: cancellationToken))).AsList();
        foreach (var asset in told) await WebhookOutbox.KeepAsync(connection, transaction, asset, WebhookEventType.Progress, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (told.Count > 0) signal.Set();
    }

    private static partial class Log
    {
        [LoggerMessage(3712, LogLevel.Warning, "The progress of assets could not be told; it is told later")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
