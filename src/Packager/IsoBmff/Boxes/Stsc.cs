using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Sample To Chunk Box (stsc), in stbl; ISO/IEC 14496-12 §8.7.4. A view of the file's bytes.</summary>
public readonly ref struct Stsc
{
    private readonly ReadOnlySpan<byte> _entries;

    private Stsc(ReadOnlySpan<byte> entries) => _entries = entries;

    /// <summary>How many runs.</summary>
    public int Count => _entries.Length / 12;

    /// <summary>One run of chunks with equally many samples.</summary>
    public StscEntry this[int index] => new(
        BinaryPrimitives.ReadUInt32BigEndian(_entries[(index * 12)..]),
        BinaryPrimitives.ReadUInt32BigEndian(_entries[(index * 12 + 4)..]),
        BinaryPrimitives.ReadUInt32BigEndian(_entries[(index * 12 + 8)..]));

    /// <summary>Reads the body.</summary>
    public static Stsc Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        return new Stsc(box.ReadTable(box.ReadUInt32(), 12));
    }

    /// <summary>Writes the box.</summary>
    public static void Write(BoxWriter writer, params ReadOnlySpan<StscEntry> entries)
    {
        var box = writer.BeginFull(BoxType.Stsc, 0, 0);
        writer.WriteUInt32((uint)entries.Length);
        foreach (var entry in entries)
        {
            writer.WriteUInt32(entry.FirstChunk);
            writer.WriteUInt32(entry.SamplesPerChunk);
            writer.WriteUInt32(entry.SampleDescriptionIndex);
        }

        writer.End(box);
    }
}

/// <summary>A run of chunks with equally many samples.</summary>
/// <param name="FirstChunk">The number of the first chunk, from 1.</param>
/// <param name="SamplesPerChunk">How many samples each has.</param>
/// <param name="SampleDescriptionIndex">Which entry of stsd describes them, from 1.</param>
public readonly record struct StscEntry(uint FirstChunk, uint SamplesPerChunk, uint SampleDescriptionIndex);
