using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Movento.ControlPlane.Redis;

/// <summary>
/// A Redis that may be lost: it is connected to in the background, and nobody waits for an answer longer than <c>timeout</c>. After a failure it is left alone
/// for a moment, and then one caller tries it again, so that a Redis that hangs costs one request in a second its patience.
/// </summary>
public sealed partial class OptionalRedis : IAsyncDisposable
{
    /// <summary>How long Redis is left alone after a failure.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _timeout;
    private readonly string _otherwise;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task<ConnectionMultiplexer?> _connecting;
    private long _restsSince;
    private volatile bool _rests;

    /// <param name="configuration">Which Redis.</param>
    /// <param name="timeout">How long an answer may take.</param>
    /// <param name="otherwise">What is done without it, for the log: the rest of the sentence "Redis does not answer: ".</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told when it is lost and when it is back.</param>
    public OptionalRedis(ConfigurationOptions configuration, TimeSpan timeout, string otherwise, TimeProvider time, ILogger logger)
    {
        (_timeout, _otherwise, _time, _logger) = (timeout, otherwise, time, logger);
        // Nobody waits for it.
        _connecting = Task.Run(() => ConnectAsync(configuration));
    }

    /// <summary>Whether there is a connection at this moment.</summary>
    public bool IsConnected => _connecting is { IsCompletedSuccessfully: true, Result.IsConnected: true };

    /// <summary>What Redis answers; nothing where it does not, in time.</summary>
    /// <param name="command">What it is asked.</param>
    /// <param name="despiteRest">Whether it is asked even where it has just failed.</param>
    public async ValueTask<(bool IsAnswered, T? Value)> AskAsync<T>(Func<IDatabase, Task<T>> command, bool despiteRest = false)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (_rests && !despiteRest && !IsMyTurn()) return default;
        if (_connecting is not { IsCompletedSuccessfully: true, Result: { IsConnected: true } connection }) return default;
        Task<T>? answer = null;
        try
        {
            answer = command(connection.GetDatabase());
            var value = await answer.WaitAsync(_timeout, _time);
            if (_rests) Log.Back(_logger);
            _rests = false;
            return (true, value);
        }
#pragma warning disable CA1031 // Whatever is wrong with Redis: it can be done without.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Volatile.Write(ref _restsSince, _time.GetTimestamp());
            if (!_rests) Log.Failed(_logger, _otherwise, exception);
            _rests = true;
            // What it comes to later is nobody's business.
            _ = answer?.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return default;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (await _connecting is not { } connection) return;
        await connection.CloseAsync(allowCommandsToComplete: false);
        connection.Dispose();
    }

    private bool IsMyTurn()
    {
        var since = Volatile.Read(ref _restsSince);
        return _time.GetElapsedTime(since) >= Rest && Interlocked.CompareExchange(ref _restsSince, _time.GetTimestamp(), since) == since;
    }

    private async Task<ConnectionMultiplexer?> ConnectAsync(ConfigurationOptions configuration)
    {
        try
        {
            var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
            connection.ConnectionFailed += (_, failure) => Log.Lost(_logger, failure.FailureType, _otherwise);
            connection.ConnectionRestored += (_, _) => Log.Restored(_logger);
            if (!connection.IsConnected) Log.Lost(_logger, ConnectionFailureType.UnableToConnect, _otherwise);
            return connection;
        }
#pragma warning disable CA1031 // Whatever is wrong with Redis: it can be done without.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Unusable(_logger, _otherwise, exception);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3081, LogLevel.Warning, "Redis does not answer: {Otherwise} until it does")]
        public static partial void Failed(ILogger logger, string otherwise, Exception exception);

        [LoggerMessage(3082, LogLevel.Information, "Redis answers again")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(3083, LogLevel.Warning, "Redis is lost ({Failure}): {Otherwise} until it is back")]
        public static partial void Lost(ILogger logger, ConnectionFailureType failure, string otherwise);

        [LoggerMessage(3084, LogLevel.Information, "Redis is back")]
        public static partial void Restored(ILogger logger);

        [LoggerMessage(3085, LogLevel.Error, "Redis cannot be used: {Otherwise}")]
        public static partial void Unusable(ILogger logger, string otherwise, Exception exception);
    }
}
