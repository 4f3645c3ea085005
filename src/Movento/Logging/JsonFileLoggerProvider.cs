using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Movento.Logging;

/// <summary>
/// The same JSON lines that the console logger writes, in a file: for the commands that talk to a person on standard output.
/// One writer behind a bounded queue; when the disk cannot keep up, or is full, lines are dropped and counted rather than delaying the work.
/// </summary>
public sealed class JsonFileLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Lines that may wait for the disk: some megabytes at worst.</summary>
    private const int QueueLength = 8192;

    /// <summary>Lines that are written at once.</summary>
    private const int LongestBatch = 256;

    /// <summary>At this size the file is set aside as <c>.1</c>, replacing the one before it.</summary>
    private const long LongestFile = 64L << 20;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly ConsoleFormatter _formatter;
    private readonly string _path;
    private readonly Task _writing;
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();
    private long _dropped;

    public JsonFileLoggerProvider(IEnumerable<ConsoleFormatter> formatters, string path)
    {
        _formatter = formatters.Single(formatter => formatter.Name == JsonLineFormatter.FormatterName);
        _path = path;
        _writing = Task.Run(WriteAsync);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    /// <inheritdoc/>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _writing.GetAwaiter().GetResult();
    }

    private async Task WriteAsync()
    {
        FileStream? file = null;
        var text = new StringBuilder();
        while (await _lines.Reader.WaitToReadAsync())
        {
            text.Clear();
            var count = 0;
            while (count < LongestBatch && _lines.Reader.TryRead(out var line))
            {
                text.Append(line);
                count++;
            }

            var dropped = Interlocked.Exchange(ref _dropped, 0);
            if (dropped > 0) text.AppendLine(CultureInfo.InvariantCulture, $$"""{"LogLevel":"Warning","Message":"{{dropped}} log lines were dropped"}""");
            try
            {
                file ??= Open();
                await AppendAsync(file, Encoding.UTF8.GetBytes(text.ToString()));
                if (file.Length < LongestFile) continue;
                await file.DisposeAsync();
                file = null;
                File.Move(_path, _path + ".1", overwrite: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A full disk takes lines, and no more than that: the work goes on, and once there is room again, so does the log.
                Interlocked.Add(ref _dropped, dropped + count);
                if (file is not null) await file.DisposeAsync();
                file = null;
            }
        }

        if (file is not null) await file.DisposeAsync();
    }

    // All of it or nothing: half a line would be no JSON.
    private static async Task AppendAsync(FileStream file, byte[] lines)
    {
        var length = file.Length;
        try
        {
            await file.WriteAsync(lines);
        }
        catch (IOException)
        {
            file.SetLength(length);
            throw;
        }
    }

    private FileStream Open() => new(_path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.Read,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        // What is written is in the file, or has failed.
        BufferSize = 0,
    });

    private sealed class Logger(JsonFileLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => provider._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var text = new StringWriter();
            provider._formatter.Write(
                new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), provider._scopes, text);
            if (!provider._lines.Writer.TryWrite(text.ToString())) Interlocked.Increment(ref provider._dropped);
        }
    }
}
