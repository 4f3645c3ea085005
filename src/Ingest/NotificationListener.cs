using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Movento.Ingest;

/// <summary>Hears what is said on a channel of PostgreSQL (LISTEN), in whatever process; connects again where the connection is lost.</summary>
/// <param name="database">Whose channel it is.</param>
/// <param name="channel">A word of ours, never of a user's: it stands in the statement.</param>
/// <param name="time">The clock of the pauses between connections.</param>
internal abstract class NotificationListener(IngestDatabase database, string channel, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    /// <summary>Whose channel it is.</summary>
    protected IngestDatabase Database { get; } = database;

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>Something was said.</summary>
    protected abstract void Heard(string payload);

    /// <summary>Says that the connection is lost.</summary>
    protected abstract void Disconnected(Exception exception);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await Database.Source.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, notification) => Heard(notification.Payload);
                await using (var listen = new NpgsqlCommand($"listen {channel}", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
                try
                {
                    while (true) await connection.WaitAsync(stoppingToken);
                }
                finally
                {
                    // Whoever has this connection of the pool next does not want to hear of it.
                    NpgsqlConnection.ClearPool(connection);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Disconnected(exception);
                await Task.Delay(Reconnect, Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
