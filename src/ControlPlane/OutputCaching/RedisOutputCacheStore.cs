using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Logging;
using Movento.ControlPlane.Redis;
using StackExchange.Redis;

namespace Movento.ControlPlane.OutputCaching;

/// <summary>
/// ASP.NET's output cache in a Redis that all control planes share. Evicting a tag gives it a new generation there, which every process asks
/// for before it looks: a change is seen everywhere by whoever asks after it. Redis that is slow, dead or not ours costs the cache, nothing
/// else: after a failure it is left alone for a moment.
/// </summary>
/// <remarks>Not an <see cref="IOutputCacheBufferStore"/>: this version of the client takes and gives arrays alone, so buffers would only be
/// copied once more.</remarks>
internal sealed class RedisOutputCacheStore : IOutputCacheStore, IAnswerGenerations, IAsyncDisposable
{
    // In braces, so that a cluster keeps all of them on one node. Whoever changes what a value looks like counts it up.
    private const string Prefix = "{movento:answers:1}:";

    // Of a value: the beginning of the SHA-256 of what follows. What others wrote there, or cut short, may reach nobody.
    private const int ChecksumSize = 8;

    // What Redis needs for a key besides its value: two keys of 64 bytes, and what points to them; rounded up.
    private const int EntryBytes = 512;

    /// <summary>How long a generation is remembered that nobody asks for; it is made anew then.</summary>
    private static readonly TimeSpan GenerationLifetime = TimeSpan.FromDays(1);

    // KEYS: the answer, the index (what expires first first, each with its bytes and its key), the bytes of all of them.
    // ARGV: the answer, how long it lives in ms, its bytes, the bytes of all of them at most.
    // Where Redis has dropped one of the two, counting begins anew: what is not counted any more lives its few seconds.
    private const string Keep =
        """
        local answer, index, total = KEYS[1], KEYS[2], KEYS[3]
        local lives, bytes, most = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local taken = redis.call('GET', total)
        if not taken then redis.call('DEL', index) end
        taken = redis.call('EXISTS', index) == 1 and tonumber(taken) or 0
        local function forget(member)
          redis.call('ZREM', index, member)
          taken = taken - tonumber(string.match(member, '^%d+'))
        end
        for _, member in ipairs(redis.call('ZRANGEBYSCORE', index, '-inf', now, 'LIMIT', 0, 1000)) do forget(member) end
        while taken + bytes > most do
          local first = redis.call('ZRANGE', index, 0, 0)[1]
          if not first then return 0 end
          redis.call('DEL', string.match(first, '^%d+ (.*)$'))
          forget(first)
        end
        redis.call('SET', answer, ARGV[1], 'PX', lives)
        if redis.call('ZADD', index, now + lives, ARGV[3] .. ' ' .. answer) == 1 then taken = taken + bytes end
        redis.call('PEXPIRE', index, 3600000)
        redis.call('SET', total, string.format('%.0f', taken), 'PX', 3600000)
        return 1
        """;

    private readonly OutputCachingOptions _options;
    private readonly OptionalRedis _redis;
    private readonly ConcurrentDictionary<string, Changes> _changes = new(StringComparer.Ordinal);

    public RedisOutputCacheStore(OutputCachingOptions options, TimeProvider time, ILogger<RedisOutputCacheStore> logger)
    {
        _options = options;
        _redis = new OptionalRedis(options.Read(), options.Timeout, "answers are made anew each time", time, logger);
    }

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        var (_, value) = await _redis.AskAsync(database => database.StringGetAsync(KeyOf(key)));
        return Checked(value);
    }

    public async ValueTask SetAsync(string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        // The tags say nothing more: their generation is in the key.
        if (value.Length > _options.MaxAnswerBytes) return;
        var answer = new byte[ChecksumSize + value.Length];
        Checksum(value).CopyTo(answer, 0);
        value.CopyTo(answer, ChecksumSize);
        await _redis.AskAsync(database => database.ScriptEvaluateAsync(
            Keep,
            [KeyOf(key), Prefix + "index", Prefix + "bytes"],
            [answer, (long)validFor.TotalMilliseconds, EntryBytes + answer.Length, _options.MaxBytes]));
    }

    public async ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken) => await ChangedAsync(tag);

    public async ValueTask<string?> CurrentAsync(string tag)
    {
        // A change that could not be told is told before this process gives anything again.
        if (_changes.TryGetValue(tag, out var changes) && changes.IsOwed) return await RenewAsync(tag, changes, despiteRest: false);

        var (isAnswered, name) = await _redis.AskAsync(database => database.StringGetAsync(GenerationKey(tag)));
        if (!isAnswered || !name.IsNull) return name;

        // The first that anybody asks for, or Redis has forgotten it. Of several processes at once, one names it.
        RedisValue made = NewName();
        var (isSet, isFirst) = await _redis.AskAsync(database => database.StringSetAsync(GenerationKey(tag), made, GenerationLifetime, When.NotExists));
        if (isSet && isFirst) return made;
        (_, name) = await _redis.AskAsync(database => database.StringGetAsync(GenerationKey(tag)));
        return name;
    }

    public async ValueTask ChangedAsync(string tag)
    {
        var changes = _changes.GetOrAdd(tag, static _ => new Changes());
        changes.Add();
        await RenewAsync(tag, changes, despiteRest: true);
    }

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    /// <summary>A new generation, whose name nobody has used; null where Redis does not take it.</summary>
    private async ValueTask<string?> RenewAsync(string tag, Changes changes, bool despiteRest)
    {
        var seen = changes.Made;
        var name = NewName();
        var (isAnswered, isSet) = await _redis.AskAsync(database => database.StringSetAsync(GenerationKey(tag), name, GenerationLifetime), despiteRest);
        if (!isAnswered || !isSet) return null;
        changes.ToldUpTo(seen);
        return name;
    }

    // Hashed: a key holds what the caller wrote, as long as it may be.
    private static RedisKey KeyOf(string key) => Prefix + "answer:" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static RedisKey GenerationKey(string tag) => Prefix + "generation:" + tag;

    private static string NewName() => Guid.NewGuid().ToString("N");

    private static byte[] Checksum(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes)[..ChecksumSize];

    private static byte[]? Checked(byte[]? value)
    {
        if (value is null || value.Length < ChecksumSize) return null;
        var bytes = value.AsSpan(ChecksumSize);
        return Checksum(bytes).AsSpan().SequenceEqual(value.AsSpan(0, ChecksumSize)) ? bytes.ToArray() : null;
    }

    /// <summary>The changes of a tag that this process has made, and up to which Redis has been told.</summary>
    private sealed class Changes
    {
        private long _made;
        private long _told;

        public long Made => Interlocked.Read(ref _made);

        public bool IsOwed => Interlocked.Read(ref _told) < Made;

        public void Add() => Interlocked.Increment(ref _made);

        public void ToldUpTo(long change)
        {
            for (var told = Interlocked.Read(ref _told); told < change; told = Interlocked.Read(ref _told))
                Interlocked.CompareExchange(ref _told, change, told);
        }
    }
}
