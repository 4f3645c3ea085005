using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Movento.Edge.Cache;
using Movento.Edge.Delivery;

namespace Movento.Edge.Connections;

/// <summary>
/// What goes out of a connection. The server writes heads into a small buffer; bodies are only named (<see cref="TryAppend(PipeWriter, ReadOnlyMemory{byte})"/>)
/// and leave with the head in one gathered send from where they lie in memory. A flush ends when the kernel has taken everything: so a
/// client that stalls holds one flush, and is given up when it takes less than the server's minimum. Nothing is allocated on the way.
/// </summary>
/// <remarks>
/// The server counts a body's bytes by what is asked of its own writer: <see cref="TryAppend(PipeWriter, ReadOnlyMemory{byte})"/> asks it for memory, the server passes the
/// question on to this writer, and the answer is the cached memory itself, into which nobody writes. Where the server has a buffer of its
/// own between (TLS, HTTP/2, a chunked body), the question never arrives, and the caller copies.
/// </remarks>
internal sealed class GatheringOutput(TransportConnection connection, HeadBufferPool heads, MemoryPool<byte> blocks, EdgeMetrics metrics)
    : PipeWriter, IValueTaskSource<FlushResult>, IEventTarget
{
    /// <summary>Bytes after which others get their turn. Measured: without, one connection that loads 4 MB segments makes the slowest in a hundred wait for half a second.</summary>
    private const int FairShare = 1 << 20;

    /// <summary>Pieces of one send; the kernel allows 1024. A response is a head and the parts of one or two blocks.</summary>
    private const int MaxVectors = 16;

    private ManualResetValueTaskSourceCore<FlushResult> _flush;
    private Readiness _readiness;
    private OutputPiece[] _pieces = new OutputPiece[4];
    private int _first;
    private int _count;
    private long _unflushed;
    private int _sentInTurn;
    private Resumption _resumption;
    private bool _isDeferred;

    // Of the flush that goes on, in the loop's timestamps.
    private long _deadline = long.MaxValue;
    private bool _isCanceled;
    private bool _isFailed;
    private bool _isClosed;

    // A body that is offered to the server as memory to write into.
    private OutputPiece _offer;
    private Memory<byte> _offeredBytes;
    private bool _wasHandedOut;
    private bool? _isPlain;

    private enum Progress
    {
        Done,
        Blocked,
        Lacking,
        Failed,
    }

    private enum Resumption
    {
        None,
        Complete,
        Continue,
    }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    /// <summary>Whether the server's own bytes go straight to this writer: not where TLS stands between.</summary>
    public bool IsPlain => _isPlain ??= connection.Features.Get<ITlsHandshakeFeature>() is null;

    /// <summary>Sends a document's bytes from where they are; false where the caller has to copy them into <paramref name="body"/>.</summary>
    /// <param name="body">The server's writer of the response's body, after the head was started with its Content-Length.</param>
    /// <param name="bytes">Of a pinned array, not empty.</param>
    public bool TryAppend(PipeWriter body, ReadOnlyMemory<byte> bytes)
    {
        _offer = OutputPiece.Of(bytes);
        return TryOffer(body, bytes);
    }

    /// <summary>Sends a part of a file from where it is, and takes over the lease; false where the caller has to copy it, and keeps the lease.</summary>
    /// <param name="position">Of the first byte, in the file.</param>
    /// <param name="bytes">Of <paramref name="lease"/>, from there.</param>
    public bool TryAppend(PipeWriter body, BlockCache cache, MediaFile file, long position, ReadOnlyMemory<byte> bytes, in BlockLease lease)
    {
        _offer = OutputPiece.Of(cache, file, position, bytes.Length, lease);
        return TryOffer(body, bytes);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (sizeHint > 0 && sizeHint == _offeredBytes.Length)
        {
            _wasHandedOut = true;
            return _offeredBytes;
        }

        if (_count > _first && _pieces[_count - 1].Room is { Length: > 0 } room && room.Length >= sizeHint) return room;

        // A head fits into a small buffer; who writes more than one (TLS, HTTP/2) gets large ones.
        var isHead = sizeHint <= HeadBufferPool.BufferSize && (_count == _first || !_pieces[_count - 1].IsOfServer);
        Add(OutputPiece.OfServer(isHead ? heads.Rent() : blocks.Rent(sizeHint)));
        return _pieces[_count - 1].Room;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_wasHandedOut)
        {
            // Whatever the server wrote before is in the pieces before this one.
            if (bytes != _offeredBytes.Length) throw new InvalidOperationException("A body is taken whole or not at all.");
            Add(_offer);
            (_offer, _offeredBytes, _wasHandedOut) = (default, default, false);
        }
        else if (bytes > 0)
        {
            _pieces[_count - 1].Wrote(bytes);
        }

        _unflushed += bytes;
    }

    /// <summary>
    /// As <see cref="FlushAsync(CancellationToken)"/> of the server's writer, which must have nothing of its own in hand. The server's goes on by the thread
    /// pool whenever it had to wait, and allocates for it; this one goes on by the loop (measured: the pool had half of the time of 4 MB).
    /// </summary>
    /// <param name="minimum">Breaks the connection of a client that takes less, as the server would; null for no such limit.</param>
    public ValueTask<FlushResult> FlushAsync(MinDataRate? minimum)
    {
        _deadline = minimum is null
            ? long.MaxValue
            : connection.Loop.Time.GetTimestamp() + (long)(Math.Max(_unflushed / minimum.BytesPerSecond, minimum.GracePeriod.TotalSeconds) * connection.Loop.Time.TimestampFrequency);
        var flush = FlushAsync();
        if (flush.IsCompleted) _deadline = long.MaxValue;
        return flush;
    }

    /// <summary>Whether a flush of ours waits longer than its client was given.</summary>
    /// <param name="now">Of the loop's clock.</param>
    public bool IsOverdue(long now) => now > _deadline;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<FlushResult>(cancellationToken);
        if (TakeCancellation()) return new ValueTask<FlushResult>(new FlushResult(isCanceled: true, isCompleted: false));
        if (_unflushed == 0) return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: _isFailed));
        if (!connection.Loop.IsCurrent && IsPlain)
        {
            // Whoever came here by the thread pool, a first request or one that waited for the origin, goes on by the loop, which begins when he waits: were it
            // done before, the pool would go on, and so for as long as the answer is (measured: half of the time of 4 MB was the pool's).
            _flush.Reset();
            _isDeferred = true;
            return Pending(cancellationToken);
        }

        while (true)
        {
            var progress = Send();
            if (progress == Progress.Failed) return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: true));
            if (progress == Progress.Done)
            {
                if (_sentInTurn < FairShare) return default;
                _flush.Reset();
                Resume(Resumption.Complete);
                break;
            }

            _flush.Reset();
            if (TryWait(progress)) break;
        }

        return Pending(cancellationToken);
    }

    /// <summary>
    /// Where TLS stands between, its records come here, each to be sent at once: they leave from where they lie, and only what the kernel does not take is copied.
    /// </summary>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_unflushed > 0 || _isFailed || _sentInTurn >= FairShare || cancellationToken.IsCancellationRequested || Volatile.Read(ref _isCanceled))
            return base.WriteAsync(source, cancellationToken);
        var sent = SendAtOnce(source.Span);
        return sent == source.Length ? default : base.WriteAsync(source[sent..], cancellationToken);
    }

    /// <summary>Ends a wait from any thread; the one who waits goes on on the loop's.</summary>
    public override void CancelPendingFlush()
    {
        Volatile.Write(ref _isCanceled, true);
        connection.Loop.Post(this);
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isClosed) return;
        _isClosed = true;

        // What was written and never flushed: as far as the kernel takes it at once.
        if (exception is null && _unflushed > 0 && !_isFailed) _ = Send();
        Release();
    }

    /// <summary>On the loop's thread, before it hands on events: this connection's turn begins.</summary>
    public void BeginTurn() => _sentInTurn = 0;

    /// <summary>On the loop's thread: the socket takes more, or the connection ended, or somebody cancelled, or a wait of ours is over.</summary>
    public void Run()
    {
        var resumption = _resumption;
        if (resumption != Resumption.None)
        {
            _resumption = Resumption.None;
            BeginTurn();
            if (resumption == Resumption.Complete) End(isCanceled: false);
            else Continue();
        }
        else if (_readiness.Signal())
        {
            Continue();
        }
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _flush.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _flush.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _flush.OnCompleted(continuation, state, token, flags);
        if (!_isDeferred) return;
        _isDeferred = false;
        // Not before: an event of the socket's, which has its turn at any time, would have begun it for nobody yet.
        Resume(Resumption.Continue);
    }

    private bool TryOffer(PipeWriter body, ReadOnlyMemory<byte> bytes)
    {
        _offeredBytes = MemoryMarshal.AsMemory(bytes);
        var given = body.GetMemory(bytes.Length);
        if (_wasHandedOut && Unsafe.AreSame(ref MemoryMarshal.GetReference(given.Span), ref MemoryMarshal.GetReference(bytes.Span)))
        {
            body.Advance(bytes.Length);
            return !_wasHandedOut;
        }

        (_offer, _offeredBytes, _wasHandedOut) = (default, default, false);
        return false;
    }

    private void End(bool isCanceled)
    {
        _deadline = long.MaxValue;
        _flush.SetResult(new FlushResult(isCanceled, isCompleted: !isCanceled && _isFailed));
    }

    private void Continue()
    {
        while (true)
        {
            if (TakeCancellation())
            {
                LetGo();
                End(isCanceled: true);
                return;
            }

            var progress = Send();
            if (progress is Progress.Done or Progress.Failed)
            {
                End(isCanceled: false);
                return;
            }

            if (TryWait(progress)) return;
        }
    }

    /// <summary>Whether the flush now waits: for the socket, or for a block. False where the socket should be tried at once.</summary>
    private bool TryWait(Progress progress)
    {
        if (progress == Progress.Lacking)
        {
            _ = RegainAsync();
            return true;
        }

        metrics.SendStalled();
        LetGo();
        return _readiness.TryWait();
    }

    private unsafe Progress Send()
    {
        var vectors = stackalloc LinuxSocket.IoVector[MaxVectors];
        while (!_isFailed)
        {
            // :: Step 1: what lies next in memory
            var count = 0;
            var length = 0L;
            for (var index = _first; index < _count && count < MaxVectors; index++)
            {
                ref var piece = ref _pieces[index];
                if (piece.Length == 0) continue;
                if (!piece.IsHeld && !piece.TryRegain())
                {
                    if (count == 0) return Progress.Lacking;
                    break;
                }

                var vector = piece.Vector;
                vectors[count++] = vector;
                length += (long)vector.Length;
                if (!piece.IsHeldWhole) break;
            }

            if (count == 0)
            {
                Release();
                return Progress.Done;
            }

            // :: Step 2: into the kernel
            _readiness.Clear();
            var sent = LinuxSocket.Send(connection.Descriptor, vectors, count);
            if (sent < 0)
            {
                var error = LinuxSocket.LastError;
                if (error == LinuxSocket.Interrupted) continue;
                if (error == LinuxSocket.WouldBlock) return Progress.Blocked;
                break;
            }

            // :: Step 3: what is gone; a kernel that did not take all has no room left
            _sentInTurn += sent;
            Forget(sent);
            if (sent < length) return Progress.Blocked;
        }

        _isFailed = true;
        Release();
        return Progress.Failed;
    }

    /// <summary>Sends as much as the kernel takes now; how many bytes. A failure is left to the send after it, which meets it again.</summary>
    private unsafe int SendAtOnce(ReadOnlySpan<byte> bytes)
    {
        _readiness.Clear();
        int sent;
        fixed (byte* start = bytes)
        {
            var vector = new LinuxSocket.IoVector { Start = start, Length = (nuint)bytes.Length };
            sent = LinuxSocket.Send(connection.Descriptor, &vector, 1);
        }

        if (sent <= 0) return 0;
        _sentInTurn += sent;
        return sent;
    }

    private void Forget(int sent)
    {
        _unflushed -= sent;
        while (sent > 0)
        {
            ref var piece = ref _pieces[_first];
            var part = Math.Min(sent, (int)piece.Vector.Length);
            piece.Sent(part);
            sent -= part;
            if (piece.Length > 0) return;
            piece.Release();
            _first++;
        }
    }

    private void LetGo()
    {
        for (var index = _first; index < _count; index++) _pieces[index].LetGo();
    }

    private void Release()
    {
        for (var index = _first; index < _count; index++) _pieces[index].Release();
        (_first, _count, _unflushed) = (0, 0, 0);
    }

    private void Add(in OutputPiece piece)
    {
        if (_count == _pieces.Length) Array.Resize(ref _pieces, _pieces.Length * 2);
        _pieces[_count++] = piece;
    }

    /// <summary>Brings a block back that left the cache while the client stalled; then the loop goes on.</summary>
    private async Task RegainAsync()
    {
        try
        {
            var lacking = _first;
            while (_pieces[lacking].Length == 0) lacking++;
            var lease = await _pieces[lacking].RegainAsync(connection.ConnectionClosed);
            if (lease.Failure is null) _pieces[lacking].Hold(lease);
            else Fail();
        }
        catch (OperationCanceledException)
        {
            Fail();
        }

        Resume(_isFailed ? Resumption.Complete : Resumption.Continue);
    }

    // The head promised these bytes, so that only a broken connection tells the client that they do not come.
    private void Fail()
    {
        connection.Abort();
        _isFailed = true;
        Release();
    }

    private void Resume(Resumption resumption)
    {
        _resumption = resumption;
        connection.Loop.Post(this);
    }

    private bool TakeCancellation()
    {
        if (!Volatile.Read(ref _isCanceled)) return false;
        Volatile.Write(ref _isCanceled, false);
        return true;
    }

    private ValueTask<FlushResult> Pending(CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? WaitAsync(cancellationToken) : new ValueTask<FlushResult>(this, _flush.Version);

    private async ValueTask<FlushResult> WaitAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static output => ((GatheringOutput)output!).CancelPendingFlush(), this);
        var result = await new ValueTask<FlushResult>(this, _flush.Version);
        if (result.IsCanceled) cancellationToken.ThrowIfCancellationRequested();
        return result;
    }
}
