using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Movento.Packager.Text;

/// <summary>
/// Writes text as UTF-8 straight into the output's own memory, a stretch of it at a time, and allocates nothing. Pass it by reference, and end
/// with <see cref="Flush"/>.
/// </summary>
internal ref struct Utf8Text
{
    // Asking the output for memory costs more than writing a number: once for some sixty lines of a playlist instead of for each word.
    private const int Stretch = 4096;

    // Of the longest 64-bit number.
    private const int MaxNumberSize = 20;

    private readonly IBufferWriter<byte>? _output;
    private Span<byte> _free;
    private int _written;

    /// <summary>Writes to an output.</summary>
    public Utf8Text(IBufferWriter<byte> output) => _output = output;

    /// <summary>Writes into some memory, which must be large enough: for a piece that is written many times.</summary>
    public Utf8Text(Span<byte> memory) => _free = memory;

    /// <summary>What was written since the last flush.</summary>
    public readonly ReadOnlySpan<byte> Written => _free[.._written];

    /// <summary>Text that is UTF-8 already.</summary>
    public void Write(scoped ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(_free[_written..]);
        _written += utf8.Length;
    }

    /// <summary>Text that needs no escaping.</summary>
    public void Write(scoped ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        _written += Encoding.UTF8.GetBytes(text, _free[_written..]);
    }

    /// <summary>A whole number.</summary>
    public void Write(long value)
    {
        Reserve(MaxNumberSize);
        Utf8Formatter.TryFormat(value, _free[_written..], out var written);
        _written += written;
    }

    /// <summary>A number of thousandths, with three decimals.</summary>
    public void WriteThousandths(long value) => WriteDecimal(value, 1000, 3);

    /// <summary>A number of millionths, with three to six decimals.</summary>
    public void WriteMillionths(long value)
    {
        if (value % 1000 == 0)
            WriteDecimal(value / 1000, 1000, 3);
        else
            WriteDecimal(value, 1_000_000, 6);
    }

    /// <summary>A number of milliseconds as <c>hh:mm:ss.mmm</c>, the hours with two digits or more (WebVTT §4.1).</summary>
    public void WriteTimestamp(long milliseconds)
    {
        WriteDigits(milliseconds / 3_600_000, 2);
        Write(":"u8);
        WriteDigits(milliseconds / 60_000 % 60, 2);
        Write(":"u8);
        WriteDigits(milliseconds / 1000 % 60, 2);
        Write("."u8);
        WriteDigits(milliseconds % 1000, 3);
    }

    /// <summary>16 bytes as 32 lower-case hexadecimal digits.</summary>
    public void WriteHexadecimal(UInt128 value)
    {
        Reserve(32);
        for (var shift = 124; shift >= 0; shift -= 4)
            _free[_written++] = "0123456789abcdef"u8[(int)(value >> shift) & 15];
    }

    /// <summary>16 bytes as a UUID, 8-4-4-4-12 lower-case hexadecimal digits (RFC 9562 §4).</summary>
    public void WriteUuid(UInt128 value)
    {
        Reserve(36);
        for (var shift = 124; shift >= 0; shift -= 4)
        {
            if (shift is 92 or 76 or 60 or 44)
                _free[_written++] = (byte)'-';
            _free[_written++] = "0123456789abcdef"u8[(int)(value >> shift) & 15];
        }
    }

    /// <summary>Bytes in base64 with padding (RFC 4648 §4).</summary>
    public void WriteBase64(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        Base64.EncodeToUtf8(bytes, _free[_written..], out _, out var written);
        _written += written;
    }

    /// <summary>Hands everything to the output.</summary>
    public void Flush()
    {
        if (_written > 0)
            _output!.Advance(_written);
        _free = default;
        _written = 0;
    }

    private void WriteDigits(long value, byte digits)
    {
        Reserve(MaxNumberSize);
        Utf8Formatter.TryFormat(value, _free[_written..], out var written, new StandardFormat('D', digits));
        _written += written;
    }

    private void WriteDecimal(long value, long unit, byte decimals)
    {
        Write(value / unit);
        Write("."u8);
        // By hand: a standard format costs three times as much, and this is every line of a playlist.
        Reserve(decimals);
        value %= unit;
        for (var position = _written + decimals - 1; position >= _written; position--, value /= 10)
            _free[position] = (byte)('0' + value % 10);
        _written += decimals;
    }

    private void Reserve(int count)
    {
        if (_free.Length - _written < count)
            Renew(count);
    }

    private void Renew(int count)
    {
        if (_output is null)
            throw new InvalidOperationException("The memory is too small for the text.");
        Flush();
        _free = _output.GetSpan(Math.Max(count, Stretch));
    }
}
