namespace Movento.Edge.Origin;

/// <summary>
/// Some bytes of an object as they come from the object store: each stretch of <see cref="Stretch"/> within the origin's time, a transient fault tried
/// once more from where it happened, and every fault as an outcome instead of an exception.
/// </summary>
internal sealed class OriginRead(OriginReader origin, string key, long offset, long length) : IAsyncDisposable
{
    /// <summary>Bytes that must come within the origin's time-out: a long read may take longer, one that trickles may not.</summary>
    private const int Stretch = 256 << 10;

    private readonly long _end = offset + length;
    private long _position = offset;
    private Stream? _stream;
    private CancellationTokenSource? _limit;
    private long _stretchEnd;
    private bool _triedAgain;

    /// <summary>Fills a part of <paramref name="destination"/>; how much, 0 at the object's end, or what went wrong.</summary>
    public async ValueTask<(int Read, EdgeOutcome? Failure)> ReadAsync(Memory<byte> destination)
    {
        while (true)
        {
            // The first byte says how well the store is; a stream that is open already is not held up.
            var isOpening = _stream is null;
            if (isOpening && !origin.TryPassCircuit()) return (0, EdgeOutcome.OriginCircuitOpen);
            try
            {
                // The store must honour the cancellation: until it returns, the memory is its own.
                var limit = Limit();
                var start = origin.Now;
                _stream ??= await origin.OpenRangeAsync(key, _position, _end - _position, limit);
                var read = _stream is null ? 0 : await _stream.ReadAsync(destination, limit);
                if (isOpening) origin.Answered(start);
                if (_stream is null) return (0, EdgeOutcome.NotFound);
                _position += read;
                origin.Took(read);
                return (read, null);
            }
#pragma warning disable CA1031 // Whatever a store throws is a failure of the origin: waiters must be told, and the process must live.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                await CloseAsync();
                if (origin.Failed(exception, key, _position, isFirst: !_triedAgain) is { } failure) return (0, failure);
                _triedAgain = true;
            }
        }
    }

    public ValueTask DisposeAsync() => CloseAsync();

    private CancellationToken Limit()
    {
        if (_limit is null || _position >= _stretchEnd)
        {
            _limit?.Dispose();
            _limit = origin.NewLimit();
            _stretchEnd = _position + Stretch;
        }

        return _limit.Token;
    }

    private async ValueTask CloseAsync()
    {
        _limit?.Dispose();
        _limit = null;
        if (_stream is null) return;
        await _stream.DisposeAsync();
        _stream = null;
    }
}
