using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Movento.Ingest.Assets;

/// <summary>Streams of server-sent events (HTML §9.2), a bounded number of them, each until its reader or the process goes.</summary>
internal sealed class EventStreams(IngestOptions options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private int _open;

    /// <summary>Lets <paramref name="write"/> write a stream, or answers that there are too many.</summary>
    public async Task OpenAsync(HttpContext context, Func<EventStream, CancellationToken, Task> write)
    {
        if (Interlocked.Increment(ref _open) > options.MaxEventStreams)
        {
            Interlocked.Decrement(ref _open);
            await IngestError.TooManyStreams.Result().ExecuteAsync(context);
            return;
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var stream = new EventStream(context, time);
            // A HEAD would wait for events that are never sent to it.
            if (HttpMethods.IsHead(context.Request.Method)) await stream.BeginAsync(ended.Token);
            else await write(stream, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}

/// <summary>One stream of server-sent events.</summary>
internal sealed class EventStream(HttpContext context, TimeProvider time)
{
    // The sign of life where nothing changed.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private long _lastWrite;

    /// <summary>The id of the last event that the reader has had: a header that browsers send, or a parameter for the first time.</summary>
    public string? LastEventId { get; } =
        context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } header, ..] ? header
        : context.Request.Query["lastEventId"] is [{ Length: > 0 } parameter, ..] ? parameter : null;

    /// <summary>Sends the headers.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        // nginx would hold events back otherwise.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.Body.FlushAsync(cancellationToken);
        _lastWrite = time.GetTimestamp();
    }

    /// <summary>Sends one event.</summary>
    /// <param name="json">Without line breaks.</param>
    public Task SendAsync(string id, string name, string json, CancellationToken cancellationToken) =>
        WriteAsync($"id: {id}\nevent: {name}\ndata: {json}\n\n", cancellationToken);

    /// <summary>Sends one event.</summary>
    /// <param name="json">Without line breaks.</param>
    public Task SendAsync(long id, string name, string json, CancellationToken cancellationToken) =>
        SendAsync(id.ToString(CultureInfo.InvariantCulture), name, json, cancellationToken);

    /// <summary>Says from where a reader that is cut off goes on: an id without data is kept, and is no event.</summary>
    public Task MarkAsync(string id, CancellationToken cancellationToken) => WriteAsync($"id: {id}\n\n", cancellationToken);

    /// <summary>Sends a sign of life where nothing was sent for long, or the mark where there is one.</summary>
    public Task KeepAliveAsync(string? mark, CancellationToken cancellationToken) =>
        time.GetElapsedTime(_lastWrite) < Heartbeat ? Task.CompletedTask
        : mark is null ? WriteAsync(": alive\n\n", cancellationToken)
        : MarkAsync(mark, cancellationToken);

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        _lastWrite = time.GetTimestamp();
    }
}
