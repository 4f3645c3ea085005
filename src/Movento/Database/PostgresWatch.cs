namespace Movento.Database;

/// <summary>
/// Starts the private cluster again when it is gone: killed for want of memory, by a full disk, or by hand. Nobody else does, as it is ours alone. PostgreSQL recovers what was committed,
/// and everything that needs the database tries again by itself.
/// </summary>
public sealed partial class PostgresWatch : IAsyncDisposable
{
    /// <summary>How often it is looked at: a small file is read, and a process looked up.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // What does not start is not started each second.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly PrivatePostgres _postgres;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _watching;

    /// <summary>Begins to watch.</summary>
    /// <param name="postgres">Is stopped after this.</param>
    /// <param name="time">Says when to look.</param>
    /// <param name="logger">Is told of each loss and each return.</param>
    public PostgresWatch(PrivatePostgres postgres, TimeProvider time, ILogger logger)
    {
        (_postgres, _time, _logger) = (postgres, time, logger);
        _watching = WatchAsync();
    }

    /// <summary>Ends the watch; a start that is under way is waited for, so that nothing starts after the stop.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        var pause = Interval;
        try
        {
            while (true)
            {
                await Task.Delay(pause, _time, _stop.Token);
                if (_postgres.IsAlive)
                {
                    pause = Interval;
                    continue;
                }

                if (pause == Interval) Log.Lost(_logger);
                try
                {
                    await _postgres.StartAgainAsync(CancellationToken.None);
                    Log.Back(_logger);
                    pause = Interval;
                }
                catch (PrivatePostgresException error)
                {
                    // For a moment the backends of one that was killed hold its memory still.
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    Log.NotStarted(_logger, error.Message, pause);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(17, LogLevel.Error, "The private PostgreSQL is gone; it is started again. Its own words are in postgresql.log")]
        public static partial void Lost(ILogger logger);

        [LoggerMessage(18, LogLevel.Information, "The private PostgreSQL is back")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(19, LogLevel.Error, "The private PostgreSQL does not start: {Reason}. The next try is in {Pause}")]
        public static partial void NotStarted(ILogger logger, string reason, TimeSpan pause);
    }
}
