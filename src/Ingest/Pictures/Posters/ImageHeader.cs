using System.Buffers.Binary;

namespace Movento.Ingest.Pictures.Posters;

/// <summary>What the first bytes of a picture say of it.</summary>
/// <param name="Demuxer">The demuxer of ffmpeg that reads it, and no other one.</param>
/// <param name="Decoder">The decoder of ffmpeg for it.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal sealed record ImageHeader(string Demuxer, string Decoder, int Width, int Height)
{
    /// <summary>Reads the header of a JPEG, a PNG or a still WebP; null for anything else, and for a header that is broken.</summary>
    public static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        var header = bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg(bytes)
            : bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? Png(bytes)
            : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? WebP(bytes[12..])
            : null;
        return header is { Width: > 0, Height: > 0 } ? header : null;
    }

    // ITU-T T.81 §B.1.1.4: markers with a length, up to the frame header (§B.2.2) of a baseline, extended or progressive picture.
    private static ImageHeader? Jpeg(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes[2..];
        while (rest.Length >= 4 && rest[0] == 0xFF)
        {
            // Any number of fill bytes may stand before a marker.
            if (rest[1] == 0xFF)
            {
                rest = rest[1..];
                continue;
            }
            var marker = rest[1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (marker is 0xC0 or 0xC1 or 0xC2)
                return rest.Length < 9 ? null : new("jpeg_pipe", "mjpeg", BinaryPrimitives.ReadUInt16BigEndian(rest[7..]), BinaryPrimitives.ReadUInt16BigEndian(rest[5..]));
            // A scan, or a picture of another process, before any frame header that we know.
            if (marker is 0xDA or (>= 0xC3 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) || length < 2 || rest.Length < 2 + length) return null;
            rest = rest[(2 + length)..];
        }
        return null;
    }

    // PNG (W3C) §11.2.1: IHDR comes first; its sizes have 31 bits.
    private static ImageHeader? Png(ReadOnlySpan<byte> bytes) =>
        bytes.Length < 33 || !bytes[12..].StartsWith("IHDR"u8) ? null
            : new("png_pipe", "png", BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));

    // RFC 9649 §2: one picture, or the extended header, whose animations nobody wants as a poster.
    private static ImageHeader? WebP(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < 18) return null;
        var data = chunk[8..];
        if (chunk.StartsWith("VP8 "u8))
        {
            // RFC 6386 §9.1: a key frame's start code, then 14 bits each.
            if (!data[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])) return null;
            return Of(BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
        }
        if (chunk.StartsWith("VP8L"u8))
        {
            if (data[0] != 0x2F) return null;
            var sizes = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return Of((int)(sizes & 0x3FFF) + 1, (int)(sizes >> 14 & 0x3FFF) + 1);
        }
        const int Animation = 0x02;
        if (!chunk.StartsWith("VP8X"u8) || (data[0] & Animation) != 0) return null;
        return Of((data[4] | data[5] << 8 | data[6] << 16) + 1, (data[7] | data[8] << 8 | data[9] << 16) + 1);

        static ImageHeader Of(int width, int height) => new("webp_pipe", "webp", width, height);
    }
}
