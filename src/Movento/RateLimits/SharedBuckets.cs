using Movento.ControlPlane.Redis;
using StackExchange.Redis;

namespace Movento.RateLimits;

/// <summary>The same buckets in the Redis that processes share, by its own clock; all that a request is taken out of in one round trip, and out of none where
/// one of them is empty.</summary>
internal sealed class SharedBuckets(RateLimitOptions options, TimeProvider time, ILogger<SharedBuckets> logger) : IAsyncDisposable
{
    // In braces, so that a cluster keeps all of them on one node.
    private const string Prefix = "{movento:limits:1}:";

    // KEYS: the buckets, each the microsecond at which it is full again. ARGV: of each, what it holds and its period in microseconds.
    // -1, or how many microseconds until the one that takes longest has a request again.
    private const string Take =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local longest, fulls = -1, {}
        for i, key in ipairs(KEYS) do
          local requests, period = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
          local full = math.max(tonumber(redis.call('GET', key) or 0), now) + math.floor(period / requests)
          fulls[i] = full
          local late = full - now - period
          if late > longest then longest = late end
        end
        if longest > 0 then return longest end
        for i, key in ipairs(KEYS) do
          redis.call('SET', key, string.format('%.0f', fulls[i]), 'PX', math.floor((fulls[i] - now) / 1000) + 1)
        end
        return -1
        """;

    private readonly OptionalRedis _redis = new(options.ReadRedis(), options.Timeout, "requests are counted in each process alone", time, logger);

    /// <summary>Whether Redis is there at this moment.</summary>
    public bool IsConnected => _redis.IsConnected;

    /// <summary>Takes one request out of each bucket; how long until there is one in all of them, or null where there was, or Redis does not say.</summary>
    public async ValueTask<TimeSpan?> TakeAsync(IReadOnlyList<(Partition Partition, RequestRate Rate)> buckets)
    {
        var keys = new RedisKey[buckets.Count];
        var values = new RedisValue[2 * buckets.Count];
        for (var index = 0; index < buckets.Count; index++)
        {
            keys[index] = Prefix + buckets[index].Partition;
            values[2 * index] = buckets[index].Rate.Requests;
            values[2 * index + 1] = (long)buckets[index].Rate.Period.TotalMicroseconds;
        }

        var (isAnswered, answer) = await _redis.AskAsync(database => database.ScriptEvaluateAsync(Take, keys, values));
        return isAnswered && (long)answer! is > 0 and var wait ? TimeSpan.FromMicroseconds(wait) : null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _redis.DisposeAsync();
}
