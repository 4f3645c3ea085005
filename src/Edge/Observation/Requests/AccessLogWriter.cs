using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Movento.Edge.Observation.Requests;

/// <summary>
/// Writes the access log, apart from all requests: a few times a second, everything that waits, in one go. What cannot be written is lost
/// and counted, and the next lines are tried again.
/// </summary>
internal sealed partial class AccessLogWriter(
    AccessLog log, EdgeOptions options, EdgeMetrics metrics, TimeProvider time, ILogger<AccessLogWriter> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    // Lines of one write: some hundred KB.
    private const int MaxLines = 1024;

    private readonly ArrayBufferWriter<byte> _text = new(64 << 10);
    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (log.Records is null) return;
        await using var output = AccessLogFile.Of(options.AccessLog);
        using var timer = new PeriodicTimer(Period, time);
        while (await WaitAsync(timer, stoppingToken)) await DrainAsync(output);

        // What was answered before the stop.
        await DrainAsync(output);
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task DrainAsync(AccessLogFile output)
    {
        while (true)
        {
            var lines = Format();
            if (lines == 0) return;
            try
            {
                await output.WriteAsync(_text.WrittenMemory);
                if (_isFailing) Log.Works(logger);
                _isFailing = false;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                metrics.LineDropped(lines);
                if (!_isFailing) Log.Fails(logger, exception, options.AccessLog.Path!);
                _isFailing = true;
            }
        }
    }

    private int Format()
    {
        _text.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_text, new JsonWriterOptions { SkipValidation = true });
        var lines = 0;
        for (; lines < MaxLines && log.Records!.TryRead(out var record); lines++)
        {
            AccessLine.Write(json, record);
            json.Flush();
            _text.Write("\n"u8);
            json.Reset();
        }

        return lines;
    }

    private static partial class Log
    {
        [LoggerMessage(3031, LogLevel.Error, "The access log {Path} cannot be written; its lines are lost until it can")]
        public static partial void Fails(ILogger logger, Exception exception, string path);

        [LoggerMessage(3032, LogLevel.Information, "The access log can be written again")]
        public static partial void Works(ILogger logger);
    }
}
