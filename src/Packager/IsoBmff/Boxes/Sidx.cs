using System.Buffers.Binary;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Segment Index Box (sidx), in the file; ISO/IEC 14496-12 §8.16.3. A view of the file's bytes.</summary>
public readonly ref struct Sidx
{
    private readonly ReadOnlySpan<byte> _references;

    private Sidx(uint referenceId, uint timescale, long earliestPresentationTime, long firstOffset, ReadOnlySpan<byte> references)
    {
        ReferenceId = referenceId;
        Timescale = timescale;
        EarliestPresentationTime = earliestPresentationTime;
        FirstOffset = firstOffset;
        _references = references;
    }

    /// <summary>reference_count has 16 bits.</summary>
    public const int MaxReferences = ushort.MaxValue;

    /// <summary>referenced_size has 31 bits.</summary>
    public const long MaxReferencedSize = int.MaxValue;

    /// <summary>The track's id.</summary>
    public uint ReferenceId { get; }

    /// <summary>Ticks a second.</summary>
    public uint Timescale { get; }

    /// <summary>Of the first subsegment, after edits, in ticks.</summary>
    public long EarliestPresentationTime { get; }

    /// <summary>Bytes from the end of this box to the first subsegment.</summary>
    public long FirstOffset { get; }

    /// <summary>How many subsegments.</summary>
    public int Count => _references.Length / 12;

    /// <summary>One subsegment.</summary>
    public SidxReference this[int index]
    {
        get
        {
            var row = _references.Slice(index * 12, 12);
            var typeAndSize = BinaryPrimitives.ReadUInt32BigEndian(row);
            var sap = BinaryPrimitives.ReadUInt32BigEndian(row[8..]);
            return new SidxReference(
                typeAndSize >> 31 != 0, typeAndSize & 0x7fffffff, BinaryPrimitives.ReadUInt32BigEndian(row[4..]), sap >> 31 != 0, (byte)(sap >> 28 & 7));
        }
    }

    /// <summary>Reads the body.</summary>
    public static Sidx Read(scoped ref BoxReader box)
    {
        var isLong = box.ReadFullBoxHeader(highestVersion: 1).Version == 1;
        var id = box.ReadUInt32();
        var timescale = box.ReadUInt32();
        if (timescale == 0)
            throw box.Error(MediaFormatError.Invalid, "The index's timescale is 0.");
        var earliest = isLong ? box.ReadTime64() : box.ReadUInt32();
        var firstOffset = isLong ? box.ReadTime64() : box.ReadUInt32();
        box.Skip(2); // reserved
        return new Sidx(id, timescale, earliest, firstOffset, box.ReadTable(box.ReadUInt16(), 12));
    }

    /// <summary>Writes the box; the first subsegment follows it at once, and every one begins with a stream access point of type 1.</summary>
    public static void Write(BoxWriter writer, uint referenceId, uint timescale, long earliestPresentationTime, ReadOnlySpan<SidxReference> references)
    {
        var box = writer.BeginFull(BoxType.Sidx, 1, 0);
        writer.WriteUInt32(referenceId);
        writer.WriteUInt32(timescale);
        writer.WriteInt64(earliestPresentationTime);
        writer.WriteInt64(0);
        writer.WriteUInt16(0);
        writer.WriteUInt16(checked((ushort)references.Length));
        foreach (var reference in references)
        {
            writer.WriteUInt32((reference.IsIndex ? 0x80000000 : 0) | reference.Size);
            writer.WriteUInt32(reference.Duration);
            writer.WriteUInt32((reference.StartsWithSap ? 0x80000000 : 0) | (uint)reference.SapType << 28);
        }

        writer.End(box);
    }
}

/// <summary>One subsegment of a sidx.</summary>
/// <param name="IsIndex">Whether it is another sidx rather than media.</param>
/// <param name="Size">In bytes, at most 31 bits.</param>
/// <param name="Duration">In ticks.</param>
/// <param name="StartsWithSap">Whether it begins with a stream access point.</param>
/// <param name="SapType">The type of that point (Annex I); 1: a sync sample, and nothing after it is shown before it.</param>
public readonly record struct SidxReference(bool IsIndex, uint Size, uint Duration, bool StartsWithSap, byte SapType);
