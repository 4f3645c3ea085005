using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Movento.Edge.Observation.Requests;

/// <summary>
/// Takes a record of each request and never makes one wait: they lie in a queue of a fixed size, and what does not fit is dropped and counted.
/// <see cref="AccessLogWriter"/> comes for them.
/// </summary>
internal sealed class AccessLog(EdgeOptions options, EdgeMetrics metrics, TimeProvider time)
{
    private readonly AccessLogOptions _options = options.AccessLog;

    // Waiting would never happen: writers only try.
    private readonly Channel<AccessRecord>? _queue = options.AccessLog.Path is null ? null : Channel.CreateBounded<AccessRecord>(
        new BoundedChannelOptions(options.AccessLog.Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>The records, where the log is on.</summary>
    public ChannelReader<AccessRecord>? Records => _queue?.Reader;

    public void Take(HttpContext context, ObservedRequest observed, EdgeOutcome outcome)
    {
        if (_queue is null) return;
        var status = context.Response.StatusCode;
        if (_options.Sample < 1 && status < StatusCodes.Status400BadRequest && Random.Shared.NextDouble() >= _options.Sample) return;

        var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var record = new AccessRecord
        {
            EndedAt = time.GetUtcNow().UtcTicks,
            Took = time.GetElapsedTime(observed.StartedAt),
            Waited = observed.Waited,
            BodyBytes = observed.BodyBytes,
            Outcome = outcome,
            Status = status,
            Tier = observed.Tier,
            Client = context.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress,
            Method = request.Method,
            Protocol = request.Protocol,
            Target = request.RawTarget,
            Range = request.Headers.Range.Count == 0 ? null : request.Headers.Range[0],
            UserAgent = request.Headers.UserAgent.Count == 0 ? null : request.Headers.UserAgent[0],
        };
        if (!_queue.Writer.TryWrite(record)) metrics.LineDropped(1);
    }
}
