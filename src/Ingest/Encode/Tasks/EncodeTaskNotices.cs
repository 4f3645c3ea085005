using Microsoft.Extensions.Logging;

namespace Movento.Ingest.Encode.Tasks;

/// <summary>
/// Hears from PostgreSQL that a film has new tasks, or that one of them has ended, in whatever process: wakes the encoders of this one, and who waits for the
/// film here. A wake-up call only: both look from time to time anyway.
/// </summary>
internal sealed partial class EncodeTaskNotices(
    IngestDatabase database, EncodeTaskSignal encoders, EncodeTaskChanges changes, TimeProvider time, ILogger<EncodeTaskNotices> logger)
    : NotificationListener(database, Channel, time)
{
    /// <summary>Where the film's id is told.</summary>
    public const string Channel = "movento_ingest_task";

    protected override void Heard(string payload)
    {
        encoders.Set();
        if (Guid.TryParse(payload, out var asset)) changes.Set(asset);
    }

    protected override void Disconnected(Exception exception) => Log.Disconnected(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(3255, LogLevel.Warning, "The connection that hears of tasks is lost; connecting again")]
        public static partial void Disconnected(ILogger logger, Exception exception);
    }
}
