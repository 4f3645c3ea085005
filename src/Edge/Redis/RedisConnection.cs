using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Movento.Edge.Redis;

/// <summary>
/// The edge's one connection to Redis, made in the background and made again whenever it is lost. Nobody waits for it: who needs it asks whether it is there.
/// </summary>
internal sealed partial class RedisConnection : IAsyncDisposable
{
    private readonly Task<ConnectionMultiplexer?> _connecting;

    public RedisConnection(EdgeOptions options, ILogger<RedisConnection> logger)
    {
        IsConfigured = options.Redis.IsOn;
        _connecting = IsConfigured ? Task.Run(() => ConnectAsync(options.Redis, logger)) : Task.FromResult<ConnectionMultiplexer?>(null);
    }

    /// <summary>Whether there is to be one at all.</summary>
    public bool IsConfigured { get; }

    /// <summary>The connection as soon as it has been tried to make it; it then makes itself anew when it is lost. Null without Redis.</summary>
    public Task<ConnectionMultiplexer?> WhenMadeAsync() => _connecting;

    /// <summary>The database, if it can be asked now.</summary>
    public bool TryGet([NotNullWhen(true)] out IDatabase? database)
    {
        database = _connecting is { IsCompletedSuccessfully: true, Result: { IsConnected: true } connection } ? connection.GetDatabase() : null;
        return database is not null;
    }

    public async ValueTask DisposeAsync()
    {
        if (await _connecting is { } connection)
        {
            await connection.CloseAsync(allowCommandsToComplete: false);
            connection.Dispose();
        }
    }

    private static async Task<ConnectionMultiplexer?> ConnectAsync(EdgeRedisOptions options, ILogger logger)
    {
        try
        {
            var connection = await ConnectionMultiplexer.ConnectAsync(options.Read());
            connection.ConnectionFailed += (_, failure) => Log.Lost(logger, failure.EndPoint?.ToString() ?? "Redis", failure.FailureType);
            connection.ConnectionRestored += (_, restored) => Log.Restored(logger, restored.EndPoint?.ToString() ?? "Redis");
            if (!connection.IsConnected) Log.NotThere(logger);
            return connection;
        }
#pragma warning disable CA1031 // Without Redis the edge serves all the same.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Unusable(logger, exception);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3101, LogLevel.Warning, "Redis at {EndPoint} is lost: {Failure}")]
        public static partial void Lost(ILogger logger, string endPoint, ConnectionFailureType failure);

        [LoggerMessage(3102, LogLevel.Information, "Redis at {EndPoint} is back")]
        public static partial void Restored(ILogger logger, string endPoint);

        [LoggerMessage(3103, LogLevel.Warning, "Redis does not answer; the edge goes on trying, and serves without it")]
        public static partial void NotThere(ILogger logger);

        [LoggerMessage(3104, LogLevel.Error, "Redis cannot be used; the edge serves without it")]
        public static partial void Unusable(ILogger logger, Exception exception);
    }
}
