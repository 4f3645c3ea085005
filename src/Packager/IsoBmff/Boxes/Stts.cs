using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Decoding Time to Sample Box (stts), in stbl; ISO/IEC 14496-12 §8.6.1.2. A view of the file's bytes.</summary>
public readonly ref struct Stts
{
    private readonly ReadOnlySpan<byte> _entries;

    private Stts(ReadOnlySpan<byte> entries) => _entries = entries;

    /// <summary>How many runs.</summary>
    public int Count => _entries.Length / 8;

    /// <summary>One run of samples that last equally long.</summary>
    public SttsEntry this[int index] => new(
        BinaryPrimitives.ReadUInt32BigEndian(_entries[(index * 8)..]), BinaryPrimitives.ReadUInt32BigEndian(_entries[(index * 8 + 4)..]));

    /// <summary>Reads the body.</summary>
    public static Stts Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        return new Stts(box.ReadTable(box.ReadUInt32(), 8));
    }

    /// <summary>Writes the box.</summary>
    public static void Write(BoxWriter writer, params ReadOnlySpan<SttsEntry> entries)
    {
        var box = writer.BeginFull(BoxType.Stts, 0, 0);
        writer.WriteUInt32((uint)entries.Length);
        foreach (var entry in entries)
        {
            writer.WriteUInt32(entry.SampleCount);
            writer.WriteUInt32(entry.SampleDelta);
        }

        writer.End(box);
    }
}

/// <summary>A run of samples that last equally long.</summary>
/// <param name="SampleCount">How many.</param>
/// <param name="SampleDelta">How long each, in the media's ticks.</param>
public readonly record struct SttsEntry(uint SampleCount, uint SampleDelta);
