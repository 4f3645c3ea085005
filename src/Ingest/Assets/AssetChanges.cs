using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.Ingest.Assets;

/// <summary>
/// Hears from PostgreSQL (LISTEN) which assets have changed, in whatever process. A wake-up call only: who waits looks again from
/// time to time anyway, so that a lost connection loses nothing.
/// </summary>
internal sealed partial class AssetChanges(IngestDatabase database, TimeProvider time, ILogger<AssetChanges> logger) : BackgroundService
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);
    private readonly Dictionary<Guid, HashSet<Subscription>> _subscriptions = [];

    /// <summary>From now on the subscription is set whenever the asset changes.</summary>
    public Subscription Subscribe(Guid asset)
    {
        var subscription = new Subscription(this, asset);
        lock (_subscriptions)
        {
            if (!_subscriptions.TryGetValue(asset, out var all)) _subscriptions[asset] = all = [];
            all.Add(subscription);
        }
        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, notification) => Changed(notification.Payload);
                await using (var listen = new NpgsqlCommand("listen movento_ingest_asset", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true) await connection.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.Disconnected(logger, exception);
                await Task.Delay(Reconnect, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Changed(string payload)
    {
        if (!Guid.TryParse(payload, out var asset)) return;
        lock (_subscriptions)
        {
            if (!_subscriptions.TryGetValue(asset, out var all)) return;
            foreach (var subscription in all) subscription.Set();
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_subscriptions)
        {
            if (!_subscriptions.TryGetValue(subscription.Asset, out var all)) return;
            all.Remove(subscription);
            if (all.Count == 0) _subscriptions.Remove(subscription.Asset);
        }
    }

    /// <summary>Somebody who wants to know when an asset changes.</summary>
    internal sealed class Subscription(AssetChanges changes, Guid asset) : Signal, IDisposable
    {
        public Guid Asset { get; } = asset;

        public void Dispose() => changes.Remove(this);
    }

    private static partial class Log
    {
        [LoggerMessage(3501, LogLevel.Warning, "The connection that hears of changes is lost; connecting again")]
        public static partial void Disconnected(ILogger logger, Exception exception);
    }
}
