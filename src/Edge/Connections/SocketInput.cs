using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace Movento.Edge.Connections;

/// <summary>
/// What a client sends, read from the socket when the server asks for it and not before: a client that sends without being asked fills
/// the kernel's buffer and nothing of ours. An idle connection holds no memory for it. No allocation while requests fit into one buffer.
/// </summary>
internal sealed class SocketInput(TransportConnection connection) : PipeReader, IValueTaskSource<ReadResult>, IEventTarget
{
    // A request with a token, a path and a browser's headers is 1 to 2 KB.
    private const int FirstBuffer = 4 << 10;

    // The server asks for more only where it has not yet got a whole: its own limits (lines, headers, frames, bodies) are all far below.
    private const int MaxBuffer = 1 << 20;

    private ManualResetValueTaskSourceCore<ReadResult> _read;
    private Readiness _readiness;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _examined;
    private bool _isComplete;
    private bool _isCanceled;
    private bool _isClosed;

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfClosed();
        return TryTake(out result) || TryReceive(out result);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        if (TryTake(out var result)) return new ValueTask<ReadResult>(result);
        _read.Reset();
        while (true)
        {
            try
            {
                if (TryReceive(out result)) return new ValueTask<ReadResult>(result);
            }
            catch (IOException exception)
            {
                return ValueTask.FromException<ReadResult>(exception);
            }

            // Whatever comes from here on is told: events, the client's end and a cancellation all go through Run.
            if (_readiness.TryWait()) break;
        }

        return cancellationToken.CanBeCanceled ? WaitAsync(cancellationToken) : new ValueTask<ReadResult>(this, _read.Version);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Positions of a sequence over one array are its indexes; those of an empty sequence name no array.
        if (_buffer is null || consumed.GetObject() is null) return;
        _start = consumed.GetInteger();
        _examined = Math.Max(_start, examined.GetInteger());
        if (_start == _end) GiveBuffer();
    }

    /// <summary>Ends a wait from any thread; the one who waits goes on on the loop's.</summary>
    public override void CancelPendingRead()
    {
        Volatile.Write(ref _isCanceled, true);
        connection.Loop.Post(this);
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isClosed) return;
        _isClosed = true;
        GiveBuffer();
    }

    /// <summary>On the loop's thread: there is something to read, or the end, or somebody cancelled.</summary>
    public void Run()
    {
        if (!_readiness.Signal()) return;
        while (true)
        {
            ReadResult result;
            try
            {
                if (!TryReceive(out result))
                {
                    // Told for nothing; the wait goes on, unless something came meanwhile.
                    if (_readiness.TryWait()) return;
                    continue;
                }
            }
            catch (IOException exception)
            {
                _read.SetException(exception);
                return;
            }

            _read.SetResult(result);
            return;
        }
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    private async ValueTask<ReadResult> WaitAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static input => ((SocketInput)input!).CancelPendingRead(), this);
        var result = await new ValueTask<ReadResult>(this, _read.Version);
        if (result.IsCanceled) cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>What is here already and was not examined yet, or the end, or a cancellation.</summary>
    private bool TryTake(out ReadResult result)
    {
        var isCanceled = Volatile.Read(ref _isCanceled);
        if (isCanceled) Volatile.Write(ref _isCanceled, false);
        result = new ReadResult(Unread, isCanceled, _isComplete);
        return isCanceled || _isComplete || _examined < _end;
    }

    /// <summary>Asks the socket, where it may have something.</summary>
    private bool TryReceive(out ReadResult result)
    {
        if (Volatile.Read(ref _isCanceled)) return TryTake(out result);
        while (_readiness.IsReady || connection.IsPeerFinished)
        {
            _readiness.Clear();
            EnsureRoom();
            var room = _buffer!.Length - _end;
            var received = LinuxSocket.Receive(connection.Descriptor, _buffer.AsSpan(_end));
            if (received > 0)
            {
                _end += received;
                if (received == room) _readiness.MayTryAgain();
                return TryTake(out result);
            }

            if (received == 0)
            {
                _isComplete = true;
                return TryTake(out result);
            }

            switch (LinuxSocket.LastError)
            {
                case LinuxSocket.Interrupted:
                    _readiness.MayTryAgain();
                    continue;
                case LinuxSocket.WouldBlock:
                    if (_start == _end) GiveBuffer();
                    result = default;
                    return false;
                default:
                    GiveBuffer();
                    throw new ConnectionResetException("The client reset the connection.");
            }
        }

        result = default;
        return false;
    }

    private ReadOnlySequence<byte> Unread => _buffer is null ? default : new ReadOnlySequence<byte>(_buffer, _start, _end - _start);

    private void EnsureRoom()
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
            return;
        }

        if (_end < _buffer.Length) return;
        var unread = _end - _start;
        var room = _buffer;
        if (unread > _buffer.Length / 2)
        {
            if (_buffer.Length >= MaxBuffer) throw new IOException($"The client has sent {unread} bytes that nothing of the server could use.");
            room = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        }

        Buffer.BlockCopy(_buffer, _start, room, 0, unread);
        if (room != _buffer) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _examined, _start, _end) = (room, _examined - _start, 0, unread);
    }

    private void GiveBuffer()
    {
        if (_buffer is null) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end, _examined) = (null, 0, 0, 0);
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_isClosed, this);
}
