using System.Collections.Immutable;
using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks;

/// <summary>How the samples of a track are coded: the one entry of its stsd (ISO/IEC 14496-12 §8.5.2), understood and cleaned.</summary>
public sealed record SampleEntry
{
    /// <summary>The codec string, RFC 6381.</summary>
    public required string Codecs { get; init; }

    /// <summary>The box to be written: what the decoder needs, and nothing of the source's own bookkeeping.</summary>
    public required ImmutableArray<byte> Box { get; init; }

    /// <summary>What the pictures are like, without their frame rate; null for sound.</summary>
    public VideoFormat? Video { get; init; }

    /// <summary>What the sound is like; null for pictures.</summary>
    public AudioFormat? Audio { get; init; }

    /// <summary>Reads an entry.</summary>
    /// <param name="entry">The body of the entry.</param>
    /// <exception cref="MediaFormatException">The codec is not packaged, or its parameters are wrong.</exception>
    public static SampleEntry Read(scoped ref BoxReader entry) => entry.Type switch
    {
        BoxType.Avc1 or BoxType.Avc3 => ReadAvc(ref entry),
        BoxType.Mp4a => ReadAac(ref entry),
        _ => throw entry.Error(MediaFormatError.Unsupported, $"The codec '{new FourCC(entry.Type)}' is not packaged; avc1, avc3 and mp4a are."),
    };

    // VisualSampleEntry, ISO/IEC 14496-12 §12.1.3
    private static SampleEntry ReadAvc(scoped ref BoxReader entry)
    {
        var type = new FourCC(entry.Type);
        using var writer = new BoxWriter(512);
        var box = writer.Begin(type.Value);
        WriteDataReference(ref entry, writer);
        writer.WriteBytes(entry.ReadBytes(70));

        AvcConfiguration? configuration = null;
        SampleAspectRatio? aspect = null;
        byte? transfer = null;
        while (entry.TryReadBox(out var child))
        {
            switch (child.Type)
            {
                case BoxType.AvcC:
                    CopyBox(writer, child);
                    configuration ??= AvcConfiguration.Read(ref child);
                    break;
                case BoxType.Pasp:
                    CopyBox(writer, child);
                    aspect = SampleAspectRatio.OrSquare(child.ReadUInt32(), child.ReadUInt32());
                    break;
                case BoxType.Clap:
                    CopyBox(writer, child);
                    break;
                case BoxType.Colr when TryReadColour(child, out var characteristics):
                    CopyBox(writer, child);
                    transfer = characteristics;
                    break;
            }
        }

        writer.End(box);
        if (configuration is not { } avc)
            throw entry.Error(MediaFormatError.Missing, "There is no avcC box.");
        var sequence = avc.Sequence;
        return new SampleEntry
        {
            Codecs = avc.CodecString(type),
            Box = [.. writer.Written.Span],
            Video = new VideoFormat(
                sequence.Width, sequence.Height, default, RangeOf(sequence.TransferCharacteristics == 2 ? transfer ?? 2 : sequence.TransferCharacteristics))
            {
                SampleAspectRatio = aspect ?? sequence.SampleAspectRatio,
            },
        };
    }

    // AudioSampleEntry, ISO/IEC 14496-12 §12.2.3; versions 1 and 2 are QuickTime's, which put more fields in and the esds into a wave box.
    private static SampleEntry ReadAac(scoped ref BoxReader entry)
    {
        using var writer = new BoxWriter(256);
        var box = writer.Begin(entry.Type);
        WriteDataReference(ref entry, writer);
        var version = entry.ReadUInt16();
        entry.Skip(2 + 4); // revision, vendor
        var channels = entry.ReadUInt16();
        entry.Skip(2 + 2 + 2 + 4); // sample size, compression, packet size, rate
        if (version > 2)
            throw entry.Error(MediaFormatError.Unsupported, $"Version {version} of the audio sample entry is not known.");
        entry.Skip(version == 0 ? 0 : version == 1 ? 16 : 36);

        ElementaryStreamDescriptor? descriptor = null;
        BoxReader descriptorBox = default;
        while (descriptor is null && entry.TryReadBox(out var child))
        {
            var esds = child;
            if (child.Type != BoxType.Esds && (child.Type != BoxType.Wave || !child.TryFind(BoxType.Esds, out esds)))
                continue;
            descriptorBox = esds;
            descriptor = ElementaryStreamDescriptor.Read(ref esds);
        }

        if (descriptor is not { Audio: var aac } found)
            throw entry.Error(MediaFormatError.Missing, "There is no esds box.");
        if (!aac.IsEverySampleSync)
            throw descriptorBox.Error(MediaFormatError.Unsupported, $"Audio of type {found.CodecString()} is not packaged; AAC LC and HE-AAC are.");
        if (aac.Channels > 0)
            channels = (ushort)aac.Channels;
        if (channels == 0)
            throw descriptorBox.Error(MediaFormatError.Invalid, "The sound has no channels.");
        writer.WriteZeros(8);
        writer.WriteUInt16(channels);
        writer.WriteUInt16(16); // samplesize
        writer.WriteZeros(4);
        writer.WriteUInt32(aac.SampleRate <= ushort.MaxValue ? (uint)aac.SampleRate << 16 : 0); // 16.16; what does not fit stands in the esds
        CopyBox(writer, descriptorBox);
        writer.End(box);
        return new SampleEntry
        {
            Codecs = found.CodecString(),
            Box = [.. writer.Written.Span],
            Audio = new AudioFormat(aac.SampleRate, channels),
        };
    }

    private static void WriteDataReference(scoped ref BoxReader entry, BoxWriter writer)
    {
        entry.Skip(6 + 2);
        writer.WriteZeros(6);
        writer.WriteUInt16(1); // data_reference_index: the one of Dref.Write
    }

    private static void CopyBox(BoxWriter writer, BoxReader body)
    {
        var box = writer.Begin(body.Type);
        writer.WriteBytes(body.ReadRest());
        writer.End(box);
    }

    // ColourInformationBox, ISO/IEC 14496-12 §12.1.5; QuickTime's 'nclc' is not one of ISO's.
    private static bool TryReadColour(BoxReader colour, out byte transferCharacteristics)
    {
        transferCharacteristics = 2;
        if (new FourCC(colour.ReadUInt32()) != FourCC.Of("nclx"u8))
            return false;
        colour.Skip(2); // colour_primaries
        transferCharacteristics = (byte)colour.ReadUInt16();
        return true;
    }

    // ISO/IEC 23091-2 Table 3: 16 is SMPTE ST 2084, 18 is ARIB STD-B67.
    private static VideoRange RangeOf(byte transferCharacteristics) => transferCharacteristics switch
    {
        16 => VideoRange.Pq,
        18 => VideoRange.Hlg,
        _ => VideoRange.Sdr,
    };
}
