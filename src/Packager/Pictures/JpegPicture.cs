using System.Buffers.Binary;

namespace Movento.Packager.Pictures;

/// <summary>What the markers of one JPEG say (ITU-T T.81 Annex B, interchange format): from SOI to EOI.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Length">Bytes of the whole picture.</param>
public readonly record struct JpegPicture(int Width, int Height, int Length)
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    /// <summary>Reads the picture with which some bytes begin; what comes after its end is not looked at.</summary>
    /// <param name="bytes">From the picture's first byte.</param>
    /// <param name="offset">Of that byte in the file, for errors.</param>
    /// <exception cref="MediaFormatException">It is no JPEG, not whole, or of a kind that players do not decode.</exception>
    public static JpegPicture Read(ReadOnlySpan<byte> bytes, long offset = 0)
    {
        if (bytes.Length < 2)
            throw Truncated(offset + bytes.Length);
        if (bytes[0] != 0xFF || bytes[1] != StartOfImage)
            throw new MediaFormatException(MediaFormatError.Invalid, "jpeg", offset, "A picture does not begin as a JPEG does.");
        var (position, width, height) = (2, 0, 0);
        while (true)
        {
            var marker = NextMarker(bytes, ref position, offset);
            if (marker == EndOfImage)
                break;
            if (marker is StartOfImage or 0x01 or >= 0xD0 and <= 0xD7)
                throw new MediaFormatException(MediaFormatError.Invalid, "jpeg", offset + position - 2, $"Marker {marker:X2} stands where none may be.");
            if (bytes.Length - position < 2)
                throw Truncated(offset + bytes.Length);
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[position..]);
            if (length < 2)
                throw new MediaFormatException(MediaFormatError.Invalid, "jpeg", offset + position, $"A marker segment says that it has {length} bytes.");
            if (length > bytes.Length - position)
                throw Truncated(offset + bytes.Length);
            if (IsFrame(marker))
                (width, height) = ReadFrame(bytes.Slice(position + 2, length - 2), marker, offset + position);
            position += length;
            if (marker != StartOfScan)
                continue;
            if (width == 0)
                throw new MediaFormatException(MediaFormatError.Missing, "jpeg", offset + position, "The picture has a scan and no frame header before it.");
            SkipScan(bytes, ref position, offset);
        }

        return width > 0
            ? new JpegPicture(width, height, position)
            : throw new MediaFormatException(MediaFormatError.Missing, "jpeg", offset + position, "The picture has no frame header.");
    }

    // SOF0 to SOF15; C4, C8 and CC of their row are other markers (Table B.1).
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    // §B.2.2: the precision, then height and width.
    private static (int Width, int Height) ReadFrame(ReadOnlySpan<byte> frame, byte marker, long offset)
    {
        if (marker > 0xC2)
            throw new MediaFormatException(MediaFormatError.Unsupported, "jpeg", offset, $"The frame is of type SOF{marker - 0xC0}; baseline, extended and progressive ones are read.");
        if (frame.Length < 6)
            throw new MediaFormatException(MediaFormatError.Invalid, "jpeg", offset, "The frame header is too short.");
        if (frame[0] != 8)
            throw new MediaFormatException(MediaFormatError.Unsupported, "jpeg", offset, $"The samples have {frame[0]} bits; 8 are read.");
        var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..]));
        return width > 0 && height > 0
            ? (width, height)
            : throw new MediaFormatException(MediaFormatError.Unsupported, "jpeg", offset, $"The picture is {width} by {height}.");
    }

    private static byte NextMarker(ReadOnlySpan<byte> bytes, ref int position, long offset)
    {
        if (position < bytes.Length && bytes[position] != 0xFF)
            throw new MediaFormatException(MediaFormatError.Invalid, "jpeg", offset + position, "A marker is wanted here.");
        // Any number of FF may stand before a marker (§B.1.1.2).
        while (position < bytes.Length && bytes[position] == 0xFF)
            position++;
        return position < bytes.Length ? bytes[position++] : throw Truncated(offset + bytes.Length);
    }

    // Entropy-coded data ends at a marker other than a restart; FF 00 is a stuffed FF (§B.1.1.5).
    private static void SkipScan(ReadOnlySpan<byte> bytes, ref int position, long offset)
    {
        while (true)
        {
            var next = bytes[position..].IndexOf((byte)0xFF);
            if (next < 0 || position + next + 1 == bytes.Length)
                throw Truncated(offset + bytes.Length);
            position += next;
            if (bytes[position + 1] is not (0x00 or >= 0xD0 and <= 0xD7))
                return;
            position += 2;
        }
    }

    private static MediaFormatException Truncated(long offset) => new(MediaFormatError.Truncated, "jpeg", offset, "The bytes end inside of a picture.");
}
