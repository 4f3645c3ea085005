using System.Buffers.Binary;

namespace Movento.Ingest.Encode.Tasks;

/// <summary>A fragmented MP4 file that ffmpeg still writes: how far it can be taken already, in whole fragments.</summary>
internal sealed class GrowingFile(string path)
{
    // size, type, and a size of 64 bits (ISO/IEC 14496-12 §4.2.2)
    private const int HeaderSize = 16;
    private const uint Mdat = 0x6D646174;

    private long _position;

    /// <summary>Where what may be taken ends: behind the last whole mdat, or the file's end once nobody writes any more.</summary>
    public long Whole { get; private set; }

    /// <summary>Looks at what has come.</summary>
    /// <param name="isEnded">Whether nobody writes it any more.</param>
    public void Look(bool isEnded)
    {
        if (!File.Exists(path)) return;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var length = file.Length;
        Span<byte> header = stackalloc byte[HeaderSize];
        while (length - _position >= HeaderSize && RandomAccess.Read(file.SafeFileHandle, header, _position) == HeaderSize)
        {
            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (size == 1) size = BinaryPrimitives.ReadInt64BigEndian(header[8..]);
            // 0 is "until the end", which a muxer writes before it knows better.
            if (size < 8 || size > length - _position) break;
            _position += size;
            if (BinaryPrimitives.ReadUInt32BigEndian(header[4..]) == Mdat) Whole = _position;
        }
        if (isEnded) Whole = length;
    }
}
