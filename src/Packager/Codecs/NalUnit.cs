namespace Movento.Packager.Codecs;

/// <summary>A NAL unit of H.264 or HEVC (ISO/IEC 14496-10 §7.3.1, 23008-2 §7.3.1).</summary>
internal static class NalUnit
{
    /// <summary>Takes the emulation prevention out: 00 00 03 stands for 00 00.</summary>
    /// <param name="escaped">What follows the header.</param>
    /// <param name="payload">At least as long.</param>
    /// <returns>How many bytes of <paramref name="payload"/> were filled.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> payload)
    {
        var (length, zeros) = (0, 0);
        foreach (var value in escaped)
        {
            if (zeros >= 2 && value == 3)
            {
                zeros = 0;
                continue;
            }

            zeros = value == 0 ? zeros + 1 : 0;
            payload[length++] = value;
        }

        return length;
    }
}
