using System.Buffers;
using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff;

/// <summary>Writes boxes one after another into one pooled buffer that grows; a box's size is filled in when it ends.</summary>
public sealed class BoxWriter : IDisposable
{
    private byte[] _buffer;
    private int _length;

    /// <summary>An empty writer.</summary>
    /// <param name="capacity">Bytes to begin with.</param>
    public BoxWriter(int capacity = 4096) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>Bytes so far.</summary>
    public int Length => _length;

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>The bytes written so far, to be written over.</summary>
    internal Span<byte> Writable => _buffer.AsSpan(0, _length);

    /// <summary>Begins anew in the same buffer.</summary>
    public void Clear() => _length = 0;

    /// <summary>Begins a box.</summary>
    /// <returns>What <see cref="End"/> wants.</returns>
    public int Begin(uint type)
    {
        var box = _length;
        WriteUInt32(0);
        WriteUInt32(type);
        return box;
    }

    /// <summary>Begins a box with a version and flags.</summary>
    /// <returns>What <see cref="End"/> wants.</returns>
    public int BeginFull(uint type, byte version, uint flags)
    {
        var box = Begin(type);
        WriteUInt32((uint)version << 24 | flags);
        return box;
    }

    /// <summary>Ends a box: everything since its beginning is in it.</summary>
    public void End(int box) => PatchUInt32(box, (uint)(_length - box));

    /// <summary>Writes over 32 bits that were written before.</summary>
    public void PatchUInt32(int position, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(position, 4), value);

    /// <summary>Writes over 16 bits that were written before.</summary>
    public void PatchUInt16(int position, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(position, 2), value);

    /// <summary>8 bits.</summary>
    public void WriteUInt8(byte value) => Take(1)[0] = value;

    /// <summary>16 bits.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    /// <summary>32 bits.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    /// <summary>32 bits, signed.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    /// <summary>64 bits.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    /// <summary>64 bits, signed.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    /// <summary>128 bits, such as a key id.</summary>
    public void WriteUInt128(UInt128 value) => BinaryPrimitives.WriteUInt128BigEndian(Take(16), value);

    /// <summary>Bytes as they are.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Zeros.</summary>
    public void WriteZeros(int count) => Take(count).Clear();

    /// <summary>Room for the next <paramref name="count"/> bytes; the caller fills all of them.</summary>
    public Span<byte> Take(int count)
    {
        if (_buffer.Length - _length < count)
            Grow(count);
        var taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }

    /// <summary>As <see cref="Take"/>, for who fills it later; valid until the next write.</summary>
    public Memory<byte> TakeMemory(int count)
    {
        Take(count);
        return _buffer.AsMemory(_length - count, count);
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        _length = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + count, _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
