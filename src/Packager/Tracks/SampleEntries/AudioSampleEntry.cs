using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>
/// What the sample entries of all sound have in common (ISO/IEC 14496-12 §12.2.3). Versions 1 and 2 are QuickTime's, which put more fields in;
/// ISO's own version 1 has those of version 0. Version 0 is written.
/// </summary>
/// <param name="Channels">channelcount; what the codec's own box says comes before it.</param>
/// <param name="SampleRate">Samples a second; what the codec's own box says comes before it.</param>
internal readonly record struct AudioSampleEntry(int Channels, int SampleRate)
{
    /// <summary>Reads the fields; <paramref name="entry"/> is left at the first box.</summary>
    public static AudioSampleEntry Read(scoped ref BoxReader entry)
    {
        entry.Skip(6 + 2); // reserved, data_reference_index
        var version = entry.ReadUInt16();
        entry.Skip(2 + 4); // revision, vendor
        var channels = entry.ReadUInt16();
        entry.Skip(2 + 2 + 2); // sample size, compression, packet size
        var rate = entry.ReadUInt32();
        if (version > 2)
            throw entry.Error(MediaFormatError.Unsupported, $"Version {version} of the audio sample entry is not known.");
        if (version == 2)
            entry.Skip(36);
        else if (version == 1 && !IsBox(entry))
            entry.Skip(16);
        return new AudioSampleEntry(channels, (int)(rate >> 16));
    }

    /// <summary>Writes a whole entry with one box of the codec's.</summary>
    /// <param name="type">Of the entry.</param>
    /// <param name="codecs">The codec string.</param>
    /// <param name="format">What comes out of the decoder.</param>
    /// <param name="configuration">The body of the codec's box; written as it is.</param>
    public static SampleEntry Write(uint type, string codecs, AudioFormat format, BoxReader configuration)
    {
        using var writer = new BoxWriter(256);
        var box = writer.Begin(type);
        writer.WriteZeros(6);
        writer.WriteUInt16(1); // data_reference_index: the one of Dref.Write
        writer.WriteZeros(8);
        writer.WriteUInt16((ushort)format.Channels);
        writer.WriteUInt16(16); // samplesize
        writer.WriteZeros(4);
        writer.WriteUInt32(format.SampleRate <= ushort.MaxValue ? (uint)format.SampleRate << 16 : 0); // 16.16; what does not fit, the codec's box says
        var child = writer.Begin(configuration.Type);
        writer.WriteBytes(configuration.ReadRest());
        writer.End(child);
        writer.End(box);
        return new SampleEntry { Codecs = codecs, Box = [.. writer.Written.Span], Audio = format };
    }

    // The four fields of QuickTime's version 1 are small numbers, of which no second one reads as four letters.
    private static bool IsBox(BoxReader entry)
    {
        if (entry.Remaining < 8)
            return entry.Remaining == 0;
        entry.Skip(4);
        return !entry.ReadBytes(4).ContainsAnyExceptInRange((byte)' ', (byte)'~');
    }
}
