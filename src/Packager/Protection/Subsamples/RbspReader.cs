namespace Movento.Packager.Protection.Subsamples;

/// <summary>
/// Reads bits of a NAL unit as it stands in the file, stepping over its emulation prevention bytes (ISO/IEC 14496-10 §7.4.1), and knows
/// how many of its bytes it has used. Past the end it yields zeros and says so.
/// </summary>
internal ref struct RbspReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _next;
    private int _zeros;
    private uint _current;
    private int _bitsLeft;

    /// <summary>Whether more was read than there is.</summary>
    public bool IsPastEnd { get; private set; }

    /// <summary>Bytes of the NAL unit that hold what was read so far.</summary>
    public readonly int BytesUsed => _next;

    /// <summary>u(1).</summary>
    public bool ReadFlag() => ReadBits(1) != 0;

    /// <summary>u(n), n up to 32.</summary>
    public uint ReadBits(int count)
    {
        var value = 0u;
        while (count > 0)
        {
            if (_bitsLeft == 0 && !ReadByte())
                return 0;
            var taken = Math.Min(count, _bitsLeft);
            _bitsLeft -= taken;
            count -= taken;
            value = value << taken | _current >> _bitsLeft & (1u << taken) - 1;
        }

        return value;
    }

    /// <summary>ue(v).</summary>
    public uint ReadUnsignedExpGolomb()
    {
        var zeros = 0;
        while (!ReadFlag())
        {
            if (IsPastEnd || ++zeros > 31)
            {
                IsPastEnd = true; // No value of the standards has more than 31 leading zeros.
                return 0;
            }
        }

        return (1u << zeros) - 1 + ReadBits(zeros);
    }

    /// <summary>se(v).</summary>
    public int ReadSignedExpGolomb()
    {
        var code = ReadUnsignedExpGolomb();
        return (code & 1) != 0 ? (int)((code >> 1) + 1) : -(int)(code >> 1);
    }

    /// <summary>Steps over bits.</summary>
    public void Skip(int count)
    {
        for (; count > 32; count -= 32)
            ReadBits(32);
        ReadBits(count);
    }

    private bool ReadByte()
    {
        if (_next < _bytes.Length && _zeros >= 2 && _bytes[_next] == 3)
        {
            _next++;
            _zeros = 0;
        }

        if (_next >= _bytes.Length)
        {
            IsPastEnd = true;
            return false;
        }

        _current = _bytes[_next++];
        _zeros = _current == 0 ? _zeros + 1 : 0;
        _bitsLeft = 8;
        return true;
    }
}
