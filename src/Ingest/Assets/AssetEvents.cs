using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Movento.Ingest.Assets;

/// <summary>An asset as a stream of server-sent events (HTML §9.2): itself at each change, until it is published or rejected.</summary>
internal sealed class AssetEvents(
    AssetReader reader, AssetChanges changes, IngestOptions options, IHostApplicationLifetime lifetime, TimeProvider time)
{
    // The next look at the database where no change was heard of, and the sign of life where nothing changed.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private int _open;

    public async Task StreamAsync(string id, HttpContext context)
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
            await WriteAsync(id, context, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task WriteAsync(string id, HttpContext context, CancellationToken cancellationToken)
    {
        var row = await reader.FindAsync(id, context.User, cancellationToken);
        if (row is null)
        {
            await IngestError.NotFound.Result().ExecuteAsync(context);
            return;
        }
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        using var subscription = changes.Subscribe(row.Id);
        long sent = 0;
        var lastWrite = time.GetTimestamp();
        // Read again after subscribing: a change in between would be missed. A row that is gone ends the stream.
        while ((row = await reader.FindAsync(id, context.User, cancellationToken)) is not null)
        {
            if (row.Revision != sent)
            {
                var json = JsonSerializer.Serialize(row.View(), AssetJson.Default.AssetView);
                await SendAsync(context, $"id: {row.Revision}\nevent: asset\ndata: {json}\n\n", cancellationToken);
                sent = row.Revision;
                lastWrite = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(lastWrite) >= Heartbeat)
            {
                await SendAsync(context, ": alive\n\n", cancellationToken);
                lastWrite = time.GetTimestamp();
            }
            if (row.IsFinal) return;
            await subscription.WaitAsync(Look, time, cancellationToken);
        }
    }

    private static async Task SendAsync(HttpContext context, string text, CancellationToken cancellationToken)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}
