namespace Movento.Packager.Protection.Subsamples;

/// <summary>The NAL units of a sample, each after its length (ISO/IEC 14496-15 §4.3.2).</summary>
internal ref struct NalUnits(ReadOnlySpan<byte> sample, int lengthSize)
{
    private ReadOnlySpan<byte> _rest = sample;

    /// <summary>Reads the next one.</summary>
    /// <returns>False at the sample's end.</returns>
    /// <exception cref="MediaFormatException">The length reaches past the sample.</exception>
    public bool TryRead(out ReadOnlySpan<byte> unit)
    {
        unit = default;
        if (_rest.IsEmpty)
            return false;
        if (_rest.Length < lengthSize)
            throw new MediaFormatException(MediaFormatError.Truncated, "mdat", 0, "A sample ends within the length of a NAL unit.");
        var length = 0u;
        foreach (var part in _rest[..lengthSize])
            length = length << 8 | part;
        if (length > _rest.Length - lengthSize)
            throw new MediaFormatException(MediaFormatError.Truncated, "mdat", 0, $"A NAL unit says that it has {length} bytes; the sample has {_rest.Length - lengthSize} more.");
        unit = _rest.Slice(lengthSize, (int)length);
        _rest = _rest[(lengthSize + (int)length)..];
        return true;
    }
}
