using Microsoft.Extensions.Logging;

namespace Movento.Ingest.Assets;

/// <summary>
/// Hears from PostgreSQL (LISTEN) which assets have changed, in whatever process. A wake-up call only: who waits looks again from
/// time to time anyway, so that a lost connection loses nothing.
/// </summary>
internal sealed partial class AssetChanges(IngestDatabase database, TimeProvider time, ILogger<AssetChanges> logger)
    : NotificationListener(database, "movento_ingest_asset", time)
{
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

    protected override void Heard(string payload)
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

    protected override void Disconnected(Exception exception) => Log.Disconnected(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(3501, LogLevel.Warning, "The connection that hears of changes is lost; connecting again")]
        public static partial void Disconnected(ILogger logger, Exception exception);
    }
}
