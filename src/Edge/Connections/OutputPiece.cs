using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Movento.Edge.Cache;
using Movento.Edge.Delivery;
using Movento.Packager.Presentations;

namespace Movento.Edge.Connections;

/// <summary>
/// Bytes on their way into a socket, all in pinned memory: what the server wrote into a buffer of ours, a document, or a part of a cached file. A block of
/// the cache is leased while it is sent; while the client is waited for it is let go, and only named.
/// </summary>
internal unsafe struct OutputPiece
{
    private byte* _address;
    private int _held;

    // Of what the server writes: the whole buffer, and whose it is.
    private Memory<byte> _buffer;
    private IMemoryOwner<byte>? _bufferOwner;
    private int _written;

    // Of a document: keeps its bytes from the collector.
    private ReadOnlyMemory<byte> _document;

    // Of a file: where the bytes come from, and the right to read them.
    private BlockCache? _cache;
    private MediaFile? _file;
    private long _position;
    private BlockLease _lease;

    /// <summary>Bytes that the socket has not taken yet.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the next bytes are in memory now; else <see cref="TryRegain"/> or <see cref="RegainAsync"/> comes first.</summary>
    public readonly bool IsHeld => _held > 0;

    /// <summary>Whether all of them are.</summary>
    public readonly bool IsHeldWhole => _held == Length;

    /// <summary>The bytes that are in memory; only while <see cref="IsHeld"/>.</summary>
    public readonly LinuxSocket.IoVector Vector => new() { Start = _address, Length = (nuint)_held };

    /// <summary>Whether the server wrote it.</summary>
    public readonly bool IsOfServer => _bufferOwner is not null;

    /// <summary>Room for what the server writes next.</summary>
    public readonly Memory<byte> Room => _buffer[_written..];

    /// <summary>A buffer for the server, given back when the piece is released.</summary>
    public static OutputPiece OfServer(IMemoryOwner<byte> owner) => new()
    {
        _bufferOwner = owner, _buffer = owner.Memory, _address = AddressOf(owner.Memory),
    };

    /// <summary>Bytes of a document, in a pinned array.</summary>
    public static OutputPiece Of(ReadOnlyMemory<byte> document) => new()
    {
        _document = document, _address = AddressOf(document), _held = document.Length, Length = document.Length,
    };

    /// <summary>A part of a file, whose lease is the piece's from here on.</summary>
    public static OutputPiece Of(BlockCache cache, MediaFile file, long position, int length, in BlockLease lease)
    {
        var piece = new OutputPiece { _cache = cache, _file = file, _position = position, Length = length };
        piece.Hold(lease);
        return piece;
    }

    /// <summary>The server has written so many bytes into <see cref="Room"/>.</summary>
    public void Wrote(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _written);
        _written += count;
        _held += count;
        Length += count;
    }

    /// <summary>The socket has taken so many of the bytes that are held.</summary>
    public void Sent(int count)
    {
        _address += count;
        _position += count;
        _held -= count;
        Length -= count;
        if (_held == 0) GiveLease();
    }

    /// <summary>Lets a block go while the client is waited for.</summary>
    public void LetGo()
    {
        if (_cache is null) return;
        _held = 0;
        GiveLease();
    }

    /// <summary>Takes the next bytes again if they are still in memory.</summary>
    public bool TryRegain()
    {
        if (!_cache!.TryAcquire(_file!, new ByteRange(_position, Length), counts: false, out var lease)) return false;
        Hold(lease);
        return true;
    }

    /// <summary>Takes the next bytes again, from the origin if need be. The caller gives the lease to <see cref="Hold"/>: a copy of a struct waits for nothing.</summary>
    public readonly ValueTask<BlockLease> RegainAsync(CancellationToken cancellationToken) =>
        _cache!.AcquireAsync(_file!, new ByteRange(_position, Length), counts: false, cancellationToken);

    /// <summary>Goes on with a lease of the next bytes.</summary>
    public void Hold(in BlockLease lease)
    {
        _address = AddressOf(lease.Bytes);
        (_lease, _held) = (lease, Math.Min(lease.Bytes.Length, Length));
    }

    /// <summary>Everything was sent, or never will be.</summary>
    public void Release()
    {
        _bufferOwner?.Dispose();
        GiveLease();
        this = default;
    }

    private void GiveLease()
    {
        _lease.Dispose();
        _lease = default;
    }

    private static byte* AddressOf(ReadOnlyMemory<byte> pinned) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned.Span));
}
