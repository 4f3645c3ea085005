using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Movento.Edge.Cache;
using Movento.Edge.Connections;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>
/// Writes bodies in pieces, each waited for before the next, so that a client that stalls holds one piece and nothing else. Over plain HTTP/1.1 a piece is
/// sent from where it lies in memory; over TLS and HTTP/2 it is copied into the server's own buffers. A block is leased only while its bytes are sent or
/// copied, never while a client is waited for.
/// </summary>
internal sealed class BodyWriter(BlockCache blocks, EdgeOptions options, EdgeMetrics metrics, TimeProvider time)
{
    // One block of the pinned pool. Measured: pieces of 64 to 128 KB reach the throughput of larger ones, and cost a stalled client 110 KB
    // instead of 4 MB.
    private const int CopiedPiece = 128 << 10;

    // What is only named costs a stalled client nothing, however long it is: as much as one connection's turn.
    private const int NamedPiece = 1 << 20;

    /// <summary>Writes a range of a document.</summary>
    public async ValueTask<BodyEnd> WriteAsync(HttpContext context, Document document, ByteRange range)
    {
        var output = context.Response.BodyWriter;
        var direct = document.IsPinned ? DirectOutput(context) : null;
        var minimum = Minimum(context);
        for (var sent = 0; sent < range.Size;)
        {
            var piece = (int)Math.Min(direct is null ? CopiedPiece : NamedPiece, range.Size - sent);
            var bytes = document.Bytes.Slice((int)range.Offset + sent, piece);
            if (direct is null || !direct.TryAppend(output, bytes)) Copy(bytes.Span, output);
            if (await IsGoneAsync(output, direct, minimum, piece)) return new BodyEnd(sent + piece, EdgeOutcome.ClientGone);
            sent += piece;
        }

        return new BodyEnd(range.Size, null);
    }

    /// <summary>Brings a range's first byte into memory, before the head promises anything.</summary>
    /// <returns>Null when it is there, else why not.</returns>
    public async ValueTask<EdgeOutcome?> PrepareAsync(HttpContext context, MediaFile file, ByteRange range)
    {
        if (range.Size == 0) return null;
        if (!blocks.TryAcquire(file, range, counts: true, out var lease))
            lease = await blocks.AcquireAsync(file, range, counts: true, context.RequestAborted);
        lease.Dispose();
        // The player will ask for the next segment: it comes while this one goes out.
        if (lease.Failure is null && options.PrefetchSegments && file.Segments?.After(range) is { } next) blocks.Prefetch(file, next);
        return lease.Failure == EdgeOutcome.NotFound ? EdgeOutcome.OriginCorrupt : lease.Failure;
    }

    /// <summary>Writes a range of a file that <see cref="PrepareAsync"/> prepared.</summary>
    public async ValueTask<BodyEnd> WriteAsync(HttpContext context, MediaFile file, ByteRange range)
    {
        var output = context.Response.BodyWriter;
        var direct = DirectOutput(context);
        var minimum = Minimum(context);
        var end = range.Offset + range.Size;
        var unsent = 0;
        for (var position = range.Offset; position < end;)
        {
            var counts = position > range.Offset;
            var left = new ByteRange(position, end - position);
            if (!blocks.TryAcquire(file, left, counts, out var lease))
            {
                // What is here already goes out while the rest is waited for.
                if (unsent > 0 && await IsGoneAsync(output, direct, minimum, unsent)) return new BodyEnd(position - range.Offset, EdgeOutcome.ClientGone);
                unsent = 0;
                lease = await blocks.AcquireAsync(file, left, counts, context.RequestAborted);
            }

            if (lease.Failure is { } failure) return new BodyEnd(position - range.Offset, failure);

            var room = (direct is null ? CopiedPiece : NamedPiece) - unsent;
            var piece = (int)Math.Min(Math.Min(room, end - position), lease.Bytes.Length);
            var bytes = lease.Bytes[..piece];
            if (direct is null || !direct.TryAppend(output, blocks, file, position, bytes, lease))
            {
                Copy(bytes.Span, output);
                lease.Dispose();
            }

            position += piece;
            unsent += piece;
            if (piece < room && position < end) continue;
            if (await IsGoneAsync(output, direct, minimum, unsent)) return new BodyEnd(position - range.Offset, EdgeOutcome.ClientGone);
            unsent = 0;
        }

        return new BodyEnd(range.Size, null);
    }

    /// <summary>The connection's own output, where nothing stands between it and the response.</summary>
    private static GatheringOutput? DirectOutput(HttpContext context) =>
        HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<GatheringOutput>() is { IsPlain: true } output ? output : null;

    private void Copy(ReadOnlySpan<byte> bytes, PipeWriter output)
    {
        output.Write(bytes);
        metrics.Copied(bytes.Length);
    }

    private static MinDataRate? Minimum(HttpContext context) => context.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate;

    private async ValueTask<bool> IsGoneAsync(PipeWriter output, GatheringOutput? direct, MinDataRate? minimum, int piece)
    {
        var flushing = direct?.FlushAsync(minimum) ?? output.FlushAsync();
        var flush = flushing.IsCompleted ? flushing.Result : await WaitAsync(flushing);
        metrics.Sent(piece);
        return flush.IsCompleted || flush.IsCanceled;
    }

    private async ValueTask<FlushResult> WaitAsync(ValueTask<FlushResult> flushing)
    {
        var start = time.GetTimestamp();
        var flush = await flushing;
        metrics.Waited(time.GetElapsedTime(start));
        return flush;
    }
}
