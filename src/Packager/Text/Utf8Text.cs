using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Movento.Packager.Text;

/// <summary>Writes text as UTF-8 straight into the output's own memory; allocates nothing.</summary>
internal readonly ref struct Utf8Text(IBufferWriter<byte> output)
{
    // Of the longest 64-bit number.
    private const int MaxNumberSize = 20;

    /// <summary>Text that is UTF-8 already.</summary>
    public void Write(ReadOnlySpan<byte> utf8) => output.Write(utf8);

    /// <summary>Text that needs no escaping.</summary>
    public void Write(ReadOnlySpan<char> text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    /// <summary>A whole number.</summary>
    public void Write(long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(MaxNumberSize), out var written);
        output.Advance(written);
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

    private void WriteDecimal(long value, long unit, byte decimals)
    {
        Write(value / unit);
        Write("."u8);
        Utf8Formatter.TryFormat(value % unit, output.GetSpan(MaxNumberSize), out var written, new StandardFormat('D', decimals));
        output.Advance(written);
    }
}
