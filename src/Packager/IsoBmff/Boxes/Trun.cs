namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Track Fragment Run Box (trun), in traf; ISO/IEC 14496-12 §8.8.8. A view of the file's bytes.</summary>
public readonly ref struct Trun
{
    private readonly ReadOnlySpan<byte> _rows;
    private readonly TrunFields _fields;

    private Trun(TrunFields fields, uint count, int? dataOffset, uint? firstSampleFlags, ReadOnlySpan<byte> rows)
    {
        _fields = fields;
        Count = count;
        DataOffset = dataOffset;
        FirstSampleFlags = firstSampleFlags;
        _rows = rows;
    }

    /// <summary>How many samples. Where nothing differs between them, nothing in this box bounds it.</summary>
    public uint Count { get; }

    /// <summary>Of the first sample, from the base of the traf; null: after the run before.</summary>
    public int? DataOffset { get; }

    /// <summary>Flags of the first sample in place of the default.</summary>
    public uint? FirstSampleFlags { get; }

    /// <summary>One sample; what is null comes from tfhd or trex.</summary>
    public TrunSample this[int index]
    {
        get
        {
            var width = RowSize(_fields);
            var row = new BoxReader(_rows.Slice(index * width, width));
            return new TrunSample(
                (_fields & TrunFields.SampleDuration) != 0 ? row.ReadUInt32() : null,
                (_fields & TrunFields.SampleSize) != 0 ? row.ReadUInt32() : null,
                (_fields & TrunFields.SampleFlags) != 0 ? row.ReadUInt32() : index == 0 ? FirstSampleFlags : null,
                (_fields & TrunFields.CompositionOffset) != 0 ? row.ReadInt32() : 0);
        }
    }

    /// <summary>Bytes of all samples.</summary>
    /// <param name="defaultSize">Of a sample, where the rows have no sizes.</param>
    public Int128 TotalSize(uint defaultSize)
    {
        if ((_fields & TrunFields.SampleSize) == 0)
            return (Int128)Count * defaultSize;
        Int128 total = 0;
        for (var index = 0; index < (int)Count; index++)
            total += this[index].Size ?? 0;
        return total;
    }

    /// <summary>Reads the body.</summary>
    public static Trun Read(scoped ref BoxReader box)
    {
        var fields = (TrunFields)box.ReadFullBoxHeader(highestVersion: 1).Flags;
        var count = box.ReadUInt32();
        int? dataOffset = (fields & TrunFields.DataOffset) != 0 ? box.ReadInt32() : null;
        uint? firstSampleFlags = (fields & TrunFields.FirstSampleFlags) != 0 ? box.ReadUInt32() : null;
        return new Trun(fields, count, dataOffset, firstSampleFlags, box.ReadTable(count, RowSize(fields)));
    }

    /// <summary>
    /// Writes everything but the rows: the caller writes <paramref name="count"/> of them, each with the named fields in the order of
    /// <see cref="TrunFields"/>, and ends the box.
    /// </summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="fields">Which fields each row has; the data offset is always there.</param>
    /// <param name="count">How many rows follow.</param>
    /// <param name="firstSampleFlags">Flags of the first sample in place of the default, or null.</param>
    /// <param name="isSigned">Whether composition offsets may be negative: version 1.</param>
    /// <param name="dataOffsetPosition">Where the data offset is to be written over, once it is known.</param>
    /// <returns>What <see cref="BoxWriter.End"/> wants.</returns>
    public static int Begin(BoxWriter writer, TrunFields fields, int count, uint? firstSampleFlags, bool isSigned, out int dataOffsetPosition)
    {
        fields |= TrunFields.DataOffset | (firstSampleFlags is null ? 0 : TrunFields.FirstSampleFlags);
        var box = writer.BeginFull(BoxType.Trun, isSigned ? (byte)1 : (byte)0, (uint)fields);
        writer.WriteUInt32((uint)count);
        dataOffsetPosition = writer.Length;
        writer.WriteUInt32(0);
        if (firstSampleFlags is { } flags)
            writer.WriteUInt32(flags);
        return box;
    }

    private static int RowSize(TrunFields fields) => 4 * System.Numerics.BitOperations.PopCount((uint)(fields & TrunFields.Row));
}

/// <summary>The flags of a trun: which of its fields are there, in their order.</summary>
[Flags]
public enum TrunFields
{
    /// <summary>Nothing differs between the samples.</summary>
    None = 0,

    /// <summary>data_offset of the box.</summary>
    DataOffset = 0x000001,

    /// <summary>first_sample_flags of the box.</summary>
    FirstSampleFlags = 0x000004,

    /// <summary>sample_duration of each row.</summary>
    SampleDuration = 0x000100,

    /// <summary>sample_size of each row.</summary>
    SampleSize = 0x000200,

    /// <summary>sample_flags of each row.</summary>
    SampleFlags = 0x000400,

    /// <summary>sample_composition_time_offset of each row.</summary>
    CompositionOffset = 0x000800,

    /// <summary>All fields of a row.</summary>
    Row = SampleDuration | SampleSize | SampleFlags | CompositionOffset,
}

/// <summary>One row of a trun.</summary>
/// <param name="Duration">In the media's ticks, or null.</param>
/// <param name="Size">In bytes, or null.</param>
/// <param name="Flags">See <see cref="SampleFlags"/>, or null.</param>
/// <param name="CompositionOffset">Composition time minus decode time, in the media's ticks; of version 0 as signed, see <see cref="Ctts"/>.</param>
public readonly record struct TrunSample(uint? Duration, uint? Size, uint? Flags, int CompositionOffset);
