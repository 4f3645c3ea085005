using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Composition Time to Sample Box (ctts), in stbl; ISO/IEC 14496-12 §8.6.1.3. A view of the file's bytes.</summary>
public readonly ref struct Ctts
{
    private readonly ReadOnlySpan<byte> _entries;

    private Ctts(ReadOnlySpan<byte> entries) => _entries = entries;

    /// <summary>How many runs.</summary>
    public int Count => _entries.Length / 8;

    /// <summary>
    /// One run of samples with the same offset. Version 0 has unsigned offsets; QuickTime's writers put negative ones there
    /// too, and no real offset needs the highest bit, so both versions are read as signed.
    /// </summary>
    public CttsEntry this[int index] => new(
        BinaryPrimitives.ReadUInt32BigEndian(_entries[(index * 8)..]), BinaryPrimitives.ReadInt32BigEndian(_entries[(index * 8 + 4)..]));

    /// <summary>Reads the body.</summary>
    public static Ctts Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 1);
        return new Ctts(box.ReadTable(box.ReadUInt32(), 8));
    }

    /// <summary>Writes the box, as version 1.</summary>
    public static void Write(BoxWriter writer, params ReadOnlySpan<CttsEntry> entries)
    {
        var box = writer.BeginFull(BoxType.Ctts, 1, 0);
        writer.WriteUInt32((uint)entries.Length);
        foreach (var entry in entries)
        {
            writer.WriteUInt32(entry.SampleCount);
            writer.WriteInt32(entry.SampleOffset);
        }

        writer.End(box);
    }
}

/// <summary>A run of samples with the same composition offset.</summary>
/// <param name="SampleCount">How many.</param>
/// <param name="SampleOffset">Composition time minus decode time, in the media's ticks.</param>
public readonly record struct CttsEntry(uint SampleCount, int SampleOffset);
