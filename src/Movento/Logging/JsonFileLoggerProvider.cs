using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Movento.Logging;

/// <summary>
/// The same JSON lines that the console logger writes, in a file: for the commands that talk to a person on standard output.
/// One writer behind a bounded queue; when the disk cannot keep up, lines are dropped and counted rather than delaying the work.
/// </summary>
public sealed class JsonFileLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Lines that may wait for the disk: some megabytes at worst.</summary>
    private const int QueueLength = 8192;

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
        var writer = Open();
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            await writer.WriteAsync(line);
            var dropped = Interlocked.Exchange(ref _dropped, 0);
            if (dropped > 0) await writer.WriteLineAsync($$"""{"LogLevel":"Warning","Message":"{{dropped}} log lines were dropped"}""");
            if (_lines.Reader.Count == 0) await writer.FlushAsync();
            if (writer.BaseStream.Length < LongestFile) continue;
            await writer.DisposeAsync();
            File.Move(_path, _path + ".1", overwrite: true);
            writer = Open();
        }

        await writer.DisposeAsync();
    }

    private StreamWriter Open() => new(new FileStream(_path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.Read,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    }));

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
