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

    /// <summary>From now on the subscription is set whenever the asset, or any asset of the team, changes.</summary>
    public Subscription Subscribe(Guid assetOrTeam)
    {
        var subscription = new Subscription(this, assetOrTeam);
        lock (_subscriptions)
        {
            if (!_subscriptions.TryGetValue(assetOrTeam, out var all)) _subscriptions[assetOrTeam] = all = [];
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
        // The asset and its team.
        foreach (var word in payload.Split(' '))
        {
            if (!Guid.TryParse(word, out var subject)) continue;
            lock (_subscriptions)
            {
                if (!_subscriptions.TryGetValue(subject, out var all)) continue;
                foreach (var subscription in all) subscription.Set();
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_subscriptions)
        {
            if (!_subscriptions.TryGetValue(subscription.Subject, out var all)) return;
            all.Remove(subscription);
            if (all.Count == 0) _subscriptions.Remove(subscription.Subject);
        }
    }

    /// <summary>Somebody who wants to know when an asset, or one of a team, changes.</summary>
    internal sealed class Subscription(AssetChanges changes, Guid subject) : Signal, IDisposable
    {
        public Guid Subject { get; } = subject;

        public void Dispose() => changes.Remove(this);
    }

    private static partial class Log
    {
        [LoggerMessage(3501, LogLevel.Warning, "The connection that hears of changes is lost; connecting again")]
        public static partial void Disconnected(ILogger logger, Exception exception);
    }
}
