namespace Movento.Packager.Codecs;

/// <summary>Reads bits, the highest first, from a payload that is no longer escaped. Past the end it yields zeros and says so.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>Whether more was read than there is.</summary>
    public bool IsPastEnd { get; private set; }

    /// <summary>Bytes that hold what was read so far.</summary>
    public readonly int BytesUsed => (_position + 7) >> 3;

    /// <summary>u(1).</summary>
    public bool ReadFlag() => ReadBits(1) != 0;

    /// <summary>u(n), n up to 32.</summary>
    public uint ReadBits(int count)
    {
        var value = 0u;
        for (; count > 0; count--)
        {
            if (_position >= _bytes.Length * 8)
            {
                IsPastEnd = true;
                return 0;
            }

            value = value << 1 | (uint)(_bytes[_position >> 3] >> (7 - (_position & 7)) & 1);
            _position++;
        }

        return value;
    }

    /// <summary>Steps over bits.</summary>
    public void Skip(int count)
    {
        IsPastEnd |= count > _bytes.Length * 8 - _position;
        _position = IsPastEnd ? _bytes.Length * 8 : _position + count;
    }

    /// <summary>ue(v), ISO/IEC 14496-10 §9.1.</summary>
    public uint ReadUnsignedExpGolomb()
    {
        var zeros = 0;
        while (!ReadFlag())
        {
            if (IsPastEnd || ++zeros > 31)
            {
                IsPastEnd = true; // No value of the standard has more than 31 leading zeros.
                return 0;
            }
        }

        return (1u << zeros) - 1 + ReadBits(zeros);
    }

    /// <summary>se(v), ISO/IEC 14496-10 §9.1.1.</summary>
    public int ReadSignedExpGolomb()
    {
        var code = ReadUnsignedExpGolomb();
        return (code & 1) != 0 ? (int)((code >> 1) + 1) : -(int)(code >> 1);
    }
}
