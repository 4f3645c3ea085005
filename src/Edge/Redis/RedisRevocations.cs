using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Edge.Admission;
using StackExchange.Redis;

namespace Movento.Edge.Redis;

/// <summary>
/// Tells every edge what is taken back (docs/formats/revocations.md): a message for those that run, and a sorted set for those that start later or
/// missed it. No request waits for Redis: it only looks into this process' <see cref="RevokedSessions"/>.
/// </summary>
internal sealed partial class RedisRevocations(RedisConnection redis, RevokedSessions revoked, TimeProvider time, ILogger<RedisRevocations> logger)
    : BackgroundService, IPlaybackRevocations
{
    /// <summary>The channel, and the key of the set whose scores are seconds since 1970.</summary>
    public const string Name = "movento:revoked:1";

    // Whoever revokes waits so long for an answer, then is told to try again.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    // Nobody waits for a reading of the set; but one that hangs must not be the last.
    private static readonly TimeSpan ReadingLimit = TimeSpan.FromSeconds(5);

    // How often the set is read again: a message that a broken connection swallowed is made good by then.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <inheritdoc/>
    public async Task RevokeAsync(PlaybackRevoked message, CancellationToken cancellationToken)
    {
        // This process knows at once, whatever becomes of the others.
        revoked.Add(message);
        if (!redis.TryGet(out var database)) throw new TimeoutException("Redis cannot be reached.");
        var until = message.Until.ToUnixTimeSeconds() + 1;
        var id = message.Id.ToString("N");
        try
        {
            // First the set: who starts between the two reads it there.
            await database.SortedSetAddAsync(Name, id, until).WaitAsync(Limit, time, cancellationToken);
            await database.PublishAsync(Name, string.Create(CultureInfo.InvariantCulture, $"{id} {until}")).WaitAsync(Limit, time, cancellationToken);
        }
        catch (RedisException error)
        {
            throw new TimeoutException("Redis does not answer.", error);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await redis.WhenMadeAsync() is not { } connection) return;
        connection.ConnectionRestored += (_, _) => Wake();
        var isSubscribed = false;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    if (!isSubscribed) await connection.GetSubscriber().SubscribeAsync(Name, (_, text) => Take(text)).WaitAsync(ReadingLimit, time, stoppingToken);
                    isSubscribed = true;
                    if (redis.TryGet(out var database)) await ReadAsync(database, stoppingToken);
                }
                catch (Exception error) when (error is RedisException or TimeoutException)
                {
                    Log.Unread(logger, error);
                }

                revoked.Sweep();
                await _wake.WaitAsync(Interval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    // Everything that is in force, and out with what is not any more. The set is as bounded as the memory of it.
    private async Task ReadAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        await database.SortedSetRemoveRangeByScoreAsync(Name, double.NegativeInfinity, now).WaitAsync(ReadingLimit, time, cancellationToken);
        await database.SortedSetRemoveRangeByRankAsync(Name, 0, -RevokedSessions.Capacity - 1).WaitAsync(ReadingLimit, time, cancellationToken);
        var entries = await database.SortedSetRangeByRankWithScoresAsync(Name).WaitAsync(ReadingLimit, time, cancellationToken);
        foreach (var entry in entries) Take(entry.Element, entry.Score);
    }

    private void Take(string? text)
    {
        // Whatever else somebody publishes there is none of ours.
        if (text is not null && text.Split(' ') is [var id, var until] && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            Take(id, seconds);
    }

    private void Take(string? id, double until)
    {
        if (Guid.TryParseExact(id, "N", out var session) && until is >= 0 and <= 253_402_300_799)
            revoked.Add(new PlaybackRevoked(session, DateTimeOffset.FromUnixTimeSeconds((long)until)));
    }

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // Somebody else has, at the same moment; or the process stops.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(3121, LogLevel.Warning, "Redis does not say what is revoked; it is asked again")]
        public static partial void Unread(ILogger logger, Exception exception);
    }
}
