using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Logging;
using Movento.Contracts;

namespace Movento.Ingest.Tests.Running;

/// <summary>Stands where the control plane does: hears announcements and, unless it is told not to, acknowledges them.</summary>
public sealed class Catalogue
{
    public ConcurrentQueue<object> Heard { get; } = new();
    public bool Acknowledges { get; set; } = true;
    public MemoryLog Log { get; } = new();

    public IEnumerable<T> All<T>() => Heard.OfType<T>();

    internal sealed class CatalogueConsumer(Catalogue catalogue)
        : IConsumer<AssetAccepted>, IConsumer<AssetPlayable>, IConsumer<AssetPublished>, IConsumer<AssetRejected>, IConsumer<AssetCancelled>, IConsumer<AssetDeleted>
    {
        public Task Consume(ConsumeContext<AssetAccepted> context) => HearAsync(context, context.Message.AssetId, "accepted", 0);

        public Task Consume(ConsumeContext<AssetPlayable> context) =>
            HearAsync(context, context.Message.AssetId, "playable", context.Message.Version);

        public Task Consume(ConsumeContext<AssetPublished> context) =>
            HearAsync(context, context.Message.AssetId, "published", context.Message.Version);

        public Task Consume(ConsumeContext<AssetRejected> context) => HearAsync(context, context.Message.AssetId, "rejected", 0);

        public Task Consume(ConsumeContext<AssetCancelled> context) =>
            HearAsync(context, context.Message.AssetId, "cancelled", context.Message.Version);

        public Task Consume(ConsumeContext<AssetDeleted> context) => HearAsync(context, context.Message.AssetId, "deleted", 0);

        private async Task HearAsync<T>(ConsumeContext<T> context, Guid asset, string kind, int version)
            where T : class
        {
            catalogue.Heard.Enqueue(context.Message);
            if (catalogue.Acknowledges) await context.Publish(new AnnouncementRecorded(asset, kind, version));
        }
    }
}

/// <summary>Keeps what was logged, to be shown when a test fails.</summary>
public sealed class MemoryLog : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    public override string ToString() => string.Join('\n', Lines);

    private sealed class Logger(MemoryLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && category.StartsWith("Movento", StringComparison.Ordinal))
                log.Lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
        }
    }
}
