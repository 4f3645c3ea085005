using Movento.Packager.IsoBmff;

namespace Movento.Packager.Codecs;

/// <summary>Whether decoding can begin at a sample of pictures, told from its first bytes.</summary>
internal static class RandomAccessPicture
{
    /// <summary>Enough for the parameter sets and messages that stand before a picture.</summary>
    public const int HeadSize = 4096;

    /// <summary>Judges a sample.</summary>
    /// <param name="sampleEntry">The type of its sample entry.</param>
    /// <param name="nalLengthSize">Bytes of the length before each NAL unit; unused by codecs without them.</param>
    /// <param name="head">The first bytes of the sample.</param>
    /// <returns>False also where the bytes do not tell.</returns>
    public static bool Begins(uint sampleEntry, int nalLengthSize, ReadOnlySpan<byte> head) => sampleEntry switch
    {
        BoxType.Avc1 or BoxType.Avc3 => IsAvc(head, nalLengthSize),
        BoxType.Hvc1 or BoxType.Hev1 or BoxType.Dvh1 or BoxType.Dvhe => IsHevc(head, nalLengthSize),
        BoxType.Av01 => IsAv1(head),
        BoxType.Vp09 => IsVp9(head),
        _ => false,
    };

    // ISO/IEC 14496-10 Table 7-1: 5 is a slice of an IDR picture, 1 to 4 of another one.
    private static bool IsAvc(ReadOnlySpan<byte> head, int lengthSize)
    {
        while (TryReadNalUnit(ref head, lengthSize, out var header))
        {
            if ((header & 0x1f) is >= 1 and <= 5 and var type)
                return type == 5;
        }

        return false;
    }

    // ISO/IEC 23008-2 Table 7-1: 16 to 23 are BLA, IDR and CRA pictures, all others below 32 not.
    private static bool IsHevc(ReadOnlySpan<byte> head, int lengthSize)
    {
        while (TryReadNalUnit(ref head, lengthSize, out var header))
        {
            if ((header >> 1 & 0x3f) is < 32 and var type)
                return type is >= 16 and <= 23;
        }

        return false;
    }

    // Only the header need be in the head.
    private static bool TryReadNalUnit(ref ReadOnlySpan<byte> head, int lengthSize, out byte header)
    {
        header = 0;
        if (head.Length <= lengthSize)
            return false;
        var length = 0u;
        foreach (var value in head[..lengthSize])
            length = length << 8 | value;
        header = head[lengthSize];
        head = length < (uint)(head.Length - lengthSize) ? head[(lengthSize + (int)length)..] : default;
        return length > 0;
    }

    // AV1 Bitstream & Decoding Process Specification §5.9.2: not a frame shown again, of type KEY_FRAME, shown.
    private static bool IsAv1(ReadOnlySpan<byte> head)
    {
        const int FrameHeader = 3;
        const int Frame = 6;
        while (head.Length > 1)
        {
            var header = head[0];
            var at = (header & 4) != 0 ? 2 : 1;
            var size = (long)head.Length;
            if ((header & 2) != 0 && !TryReadLeb128(head, ref at, out size))
                return false;
            if ((header >> 3 & 15) is FrameHeader or Frame)
                return at < head.Length && (head[at] & 0b1111_0000) == 0b0001_0000;
            if (size >= head.Length - at)
                return false;
            head = head[(at + (int)size)..];
        }

        return false;
    }

    private static bool TryReadLeb128(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        value = 0;
        for (var index = 0; index < 8 && at < bytes.Length; index++)
        {
            var part = bytes[at++];
            value |= (long)(part & 0x7f) << (7 * index);
            if ((part & 0x80) == 0)
                return true;
        }

        return false;
    }

    // VP9 Bitstream & Decoding Process Specification §6.2: frame_marker 2, then the profile, not a frame shown again, frame_type 0.
    private static bool IsVp9(ReadOnlySpan<byte> head)
    {
        const uint FrameMarker = 2;
        var bits = new BitReader(head);
        if (bits.ReadBits(2) != FrameMarker)
            return false;
        if (bits.ReadBits(2) == 3)
            bits.Skip(1); // reserved_zero
        return !bits.ReadFlag() && !bits.ReadFlag() && !bits.IsPastEnd; // show_existing_frame, frame_type
    }
}
