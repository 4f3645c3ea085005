using Movento.Packager.IsoBmff;

namespace Movento.Packager.Protection.Subsamples;

/// <summary>
/// Collects which bytes of the samples of a fragment are protected, as rows of senc (ISO/IEC 23001-7 §7.2): each sample's own
/// initialization vector, where it has one, and its pairs of clear and protected bytes.
/// </summary>
/// <param name="isAligned">
/// Whether protected ranges are whole blocks: cenc's (ISO/IEC 23000-19 §8.2.2.2). What is over is clear then, at the range's beginning.
/// </param>
internal sealed class SubsampleTable(bool isAligned) : IDisposable
{
    // saiz has 8 bits for the size of a row.
    private const int MaxRowSize = byte.MaxValue;

    private readonly BoxWriter _rows = new();
    private readonly BoxWriter _sizes = new(256);
    private int _row;
    private int _countPosition;
    private int _count;
    private long _clear;

    /// <summary>Every row so far.</summary>
    public ReadOnlySpan<byte> Rows => _rows.Written.Span;

    /// <summary>A byte a row: its size.</summary>
    public ReadOnlySpan<byte> Sizes => _sizes.Written.Span;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _rows.Clear();
        _sizes.Clear();
    }

    /// <summary>Begins a sample.</summary>
    /// <param name="vector">Of the sample; null where a constant one serves.</param>
    /// <param name="hasSubsamples">False where the whole sample is protected.</param>
    public void BeginSample(ulong? vector, bool hasSubsamples)
    {
        (_row, _count, _clear) = (_rows.Length, 0, 0);
        if (vector is { } value)
            _rows.WriteUInt64(value);
        _countPosition = _rows.Length;
        if (hasSubsamples)
            _rows.WriteUInt16(0);
    }

    /// <summary>Adds the sample's next bytes.</summary>
    /// <param name="clear">That many in the clear.</param>
    /// <param name="protectedBytes">Then that many protected.</param>
    public void Add(long clear, long protectedBytes)
    {
        if (isAligned)
        {
            clear += protectedBytes % 16;
            protectedBytes -= protectedBytes % 16;
        }

        _clear += clear;
        if (protectedBytes > 0)
            WritePair(protectedBytes);
    }

    /// <summary>Ends a sample.</summary>
    /// <exception cref="MediaFormatException">It has more ranges than saiz can tell.</exception>
    public void EndSample(bool hasSubsamples)
    {
        if (_clear > 0)
            WritePair(0);
        var size = _rows.Length - _row;
        if (size > MaxRowSize)
            throw new MediaFormatException(MediaFormatError.Unsupported, "mdat", 0, $"A sample has {_count} slices or tiles to be encrypted, more than saiz can tell.");
        if (hasSubsamples)
            _rows.PatchUInt16(_countPosition, (ushort)_count);
        _sizes.WriteUInt8((byte)size);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _sizes.Dispose();
    }

    // BytesOfClearData has 16 bits: more of them take several pairs.
    private void WritePair(long protectedBytes)
    {
        for (; _clear > ushort.MaxValue; _clear -= ushort.MaxValue, _count++)
        {
            _rows.WriteUInt16(ushort.MaxValue);
            _rows.WriteUInt32(0);
        }

        _rows.WriteUInt16((ushort)_clear);
        _rows.WriteUInt32((uint)protectedBytes);
        _clear = 0;
        _count++;
    }
}
