using Movento.Packager.IsoBmff;

namespace Movento.Packager.Codecs;

/// <summary>Elementary Stream Descriptor Box (esds), in mp4a; ISO/IEC 14496-14 §6.7.2 and 14496-1 §7.2.6.</summary>
/// <param name="ObjectType">objectTypeIndication; 0x40 is MPEG-4 audio.</param>
/// <param name="Audio">The AudioSpecificConfig.</param>
public readonly record struct ElementaryStreamDescriptor(byte ObjectType, AacConfiguration Audio)
{
    private const byte Mpeg4Audio = 0x40;
    private const byte StreamTag = 3;
    private const byte DecoderTag = 4;
    private const byte DecoderSpecificTag = 5;

    /// <summary>Reads the body.</summary>
    public static ElementaryStreamDescriptor Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        ReadTag(ref box, StreamTag);
        box.Skip(2); // ES_ID
        var flags = box.ReadUInt8();
        if ((flags & 0x80) != 0)
            box.Skip(2); // dependsOn_ES_ID
        if ((flags & 0x40) != 0)
            box.Skip(box.ReadUInt8()); // URL
        if ((flags & 0x20) != 0)
            box.Skip(2); // OCR_ES_ID
        ReadTag(ref box, DecoderTag);
        var objectType = box.ReadUInt8();
        if (objectType != Mpeg4Audio)
            throw box.Error(MediaFormatError.Unsupported, $"'mp4a.{objectType:x2}' is {NameOf(objectType)}, which is not packaged: encode it to AAC.");
        box.Skip(1 + 3 + 4 + 4); // stream type, buffer size, bit rates
        var size = ReadTag(ref box, DecoderSpecificTag);
        return new ElementaryStreamDescriptor(objectType, AacConfiguration.TryRead(box.ReadBytes(Math.Min(size, box.Remaining)))
            ?? throw box.Error(MediaFormatError.Invalid, "The AudioSpecificConfig cannot be read."));
    }

    /// <summary>The codec string, RFC 6381 §3.3.</summary>
    public string CodecString() => $"mp4a.{ObjectType:x2}.{Audio.ObjectType}";

    // mp4ra.org, object types
    private static string NameOf(byte objectType) => objectType switch
    {
        0x66 or 0x67 or 0x68 => "MPEG-2 AAC",
        0x69 or 0x6b => "MP3",
        0xa5 => "AC-3 without its own sample entry",
        0xa6 => "E-AC-3 without its own sample entry",
        0xa9 => "DTS",
        0xad => "Opus without its own sample entry",
        0xdd => "Vorbis",
        _ => "unknown sound",
    };

    // 14496-1 §8.3.3: the size in groups of seven bits.
    private static int ReadTag(scoped ref BoxReader box, byte expected)
    {
        var tag = box.ReadUInt8();
        if (tag != expected)
            throw box.Error(MediaFormatError.Invalid, $"Descriptor {expected} is wanted here; {tag} stands there.");
        var size = 0;
        for (var index = 0; index < 4; index++)
        {
            var part = box.ReadUInt8();
            size = size << 7 | part & 0x7f;
            if ((part & 0x80) == 0)
                return size;
        }

        throw box.Error(MediaFormatError.Invalid, "The descriptor's size has more than four bytes.");
    }
}
