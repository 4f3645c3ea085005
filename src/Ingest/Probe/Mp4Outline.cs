using System.Buffers.Binary;

namespace Movento.Ingest.Probe;

/// <summary>
/// The top-level boxes of an ISO base media file (ISO/IEC 14496-12 §4.2), read only to see whether the file is whole:
/// a recording without its moov and a copy that stopped look like nothing at all to a demuxer.
/// </summary>
/// <param name="IsCutOff">A box goes on after the end of the file, or there is media but no moov.</param>
/// <param name="What">One sentence, for the log.</param>
internal readonly record struct Mp4Outline(bool IsCutOff, string What)
{
    private const int MaxBoxes = 1 << 20;

    /// <summary>Reads headers only; a file of another kind is not cut off.</summary>
    public static Mp4Outline Read(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        var (hasMoov, hasMedia) = (false, false);
        Span<byte> header = stackalloc byte[16];
        long offset = 0;
        for (var count = 0; offset + 8 <= length && count < MaxBoxes; count++)
        {
            var read = RandomAccess.Read(file, header, offset);
            var type = header.Slice(4, 4);
            if (count == 0 && !IsFirstBox(type)) return default;
            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size == 1) size = read < 16 ? -1 : BinaryPrimitives.ReadInt64BigEndian(header[8..]);
            if (size == 0) size = length - offset; // to the end of the file
            hasMoov |= type.SequenceEqual("moov"u8);
            hasMedia |= type.SequenceEqual("mdat"u8) || type.SequenceEqual("moof"u8);
            // Bytes that are no box at all, after the moov: ignored by every player.
            if (size < 8 || !IsPrintable(type)) return new(!hasMoov && hasMedia, "The boxes end in something else, before any moov.");
            if (size > length - offset) return new(true, $"A box of {size} bytes at {offset} goes on after the end, at {length}.");
            offset += size;
        }
        return new(hasMedia && !hasMoov, "There is media and no moov.");
    }

    private static bool IsFirstBox(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("ftyp"u8) || type.SequenceEqual("moov"u8) || type.SequenceEqual("mdat"u8) || type.SequenceEqual("wide"u8)
        || type.SequenceEqual("free"u8) || type.SequenceEqual("skip"u8) || type.SequenceEqual("styp"u8);

    private static bool IsPrintable(ReadOnlySpan<byte> type) => !type.ContainsAnyExceptInRange((byte)' ', (byte)'~') || type[0] == 0xA9;
}
