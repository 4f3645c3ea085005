using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Movento.Ingest.Assets;

/// <summary>An asset as a stream of events: itself at each change, until nothing more is done to it. An event's id is the asset's revision.</summary>
internal sealed class AssetEvents(AssetReader reader, AssetChanges changes, EventStreams streams, TimeProvider time)
{
    // The next look at the database where no change was heard of.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    public async Task StreamAsync(string id, HttpContext context)
    {
        if (await reader.FindAsync(id, context.User, context.RequestAborted) is not { } row)
        {
            await IngestError.NotFound.Result().ExecuteAsync(context);
            return;
        }
        await streams.OpenAsync(context, (stream, cancellationToken) => WriteAsync(row.Id, id, context, stream, cancellationToken));
    }

    private async Task WriteAsync(Guid asset, string id, HttpContext context, EventStream stream, CancellationToken cancellationToken)
    {
        await stream.BeginAsync(cancellationToken);
        using var subscription = changes.Subscribe(asset);
        // Each event is the whole asset, so whoever comes back misses nothing with the newest one alone.
        if (!long.TryParse(stream.LastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var sent)) sent = 0;
        // Read again after subscribing: a change in between would be missed. A row that is gone ends the stream.
        while (await reader.FindAsync(id, context.User, cancellationToken) is { } row)
        {
            if (row.Revision != sent)
            {
                await stream.SendAsync(row.Revision, "asset", JsonSerializer.Serialize(row.View(), AssetJson.Default.AssetView), cancellationToken);
                sent = row.Revision;
            }
            if (row.IsFinal) return;
            await stream.KeepAliveAsync(mark: null, cancellationToken);
            await subscription.WaitAsync(Look, time, cancellationToken);
        }
        await stream.SendAsync(sent + 1, "deleted", JsonSerializer.Serialize(new RemovedAsset(id), AssetJson.Default.RemovedAsset), cancellationToken);
    }
}
