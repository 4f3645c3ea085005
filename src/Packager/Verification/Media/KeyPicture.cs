using Movento.Packager.IsoBmff;

namespace Movento.Packager.Verification.Media;

/// <summary>Whether a coded picture says of itself that it can be decoded alone.</summary>
internal static class KeyPicture
{
    // Parameter sets, delimiters and messages before a picture: some; each has its header only looked at.
    private const int MaxUnits = 32;

    /// <summary>Looks at the start of a sample in the clear.</summary>
    /// <returns>Null where that cannot be told.</returns>
    public static async ValueTask<bool?> IsAsync(Library.Cursor file, long offset, uint size, InitializationTrack track, CancellationToken cancellationToken)
    {
        switch (track.Format.ToString())
        {
            case "avc1" or "avc3":
                return await FindNalAsync(file, offset, size, track.NalLengthSize, OfAvc, cancellationToken).ConfigureAwait(false);
            case "hvc1" or "hev1" or "dvh1" or "dvhe":
                return await FindNalAsync(file, offset, size, track.NalLengthSize, OfHevc, cancellationToken).ConfigureAwait(false);
            case "av01":
                return OfAv1(await file.ReadAsync(offset, (int)Math.Min(size, 4096), cancellationToken).ConfigureAwait(false));
            case "vp09" or "vp08":
                return OfVp9(await file.ReadAsync(offset, (int)Math.Min(size, 4), cancellationToken).ConfigureAwait(false), track.Format == FourCC.Of("vp08"u8));
            default:
                return null;
        }
    }

    private static async ValueTask<bool?> FindNalAsync(
        Library.Cursor file, long offset, uint size, int lengthSize, Func<byte, bool?> judge, CancellationToken cancellationToken)
    {
        if (lengthSize == 0)
            return null;
        var (position, end) = (offset, offset + size);
        for (var unit = 0; unit < MaxUnits && position + lengthSize < end; unit++)
        {
            var header = await file.ReadAsync(position, lengthSize + 1, cancellationToken).ConfigureAwait(false);
            if (header.Length <= lengthSize)
                return null;
            var length = 0L;
            for (var index = 0; index < lengthSize; index++)
                length = length << 8 | header[index];
            if (length == 0 || position + lengthSize + length > end)
                return false; // Not NAL units at all: so no picture that decodes.
            if (judge(header[lengthSize]) is { } verdict)
                return verdict;
            position += lengthSize + length;
        }

        return null;
    }

    // ISO/IEC 14496-10 Table 7-1: 5 is a slice of an IDR picture, 1 to 4 those of others.
    private static bool? OfAvc(byte header) => (header & 0x1f) switch { 5 => true, >= 1 and <= 4 => false, _ => null };

    // ISO/IEC 23008-2 Table 7-1: 16 to 23 are intra random access points, the others below 32 are not.
    private static bool? OfHevc(byte header) => (header >> 1 & 0x3f) switch { >= 16 and <= 23 => true, < 32 => false, _ => null };

    // AV1 §5.3, §5.9.2: the first frame header with show_existing_frame = 0 and frame_type = KEY_FRAME (0).
    private static bool? OfAv1(ReadOnlySpan<byte> units)
    {
        const int FrameHeader = 3, Frame = 6;
        while (units.Length >= 2)
        {
            var (type, hasExtension, hasSize) = (units[0] >> 3 & 15, (units[0] & 4) != 0, (units[0] & 2) != 0);
            units = units[(hasExtension ? 2 : 1)..];
            long size = units.Length;
            if (hasSize)
            {
                size = 0;
                for (var shift = 0; ; shift += 7)
                {
                    if (units.IsEmpty || shift > 28)
                        return null;
                    var part = units[0];
                    units = units[1..];
                    size |= (long)(part & 0x7f) << shift;
                    if ((part & 0x80) == 0)
                        break;
                }
            }

            if (type is FrameHeader or Frame)
                return units.IsEmpty ? null : units[0] >> 5 == 0;
            if (size > units.Length)
                return null;
            units = units[(int)size..];
        }

        return null;
    }

    // VP9 §6.2: frame_marker 2, profile 2 (one more where it is 3), show_existing_frame, frame_type 0 for a key frame; VP8 (RFC 6386 §9.1): the lowest bit.
    private static bool? OfVp9(ReadOnlySpan<byte> frame, bool isVp8)
    {
        if (frame.IsEmpty)
            return null;
        if (isVp8)
            return (frame[0] & 1) == 0;
        if (frame[0] >> 6 != 2)
            return false;
        var shift = (frame[0] >> 4 & 3) == 3 ? 2 : 3;
        return (frame[0] >> shift & 1) == 0 && (frame[0] >> (shift - 1) & 1) == 0;
    }
}
