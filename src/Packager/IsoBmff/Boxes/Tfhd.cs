namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Track Fragment Header Box (tfhd), in traf; ISO/IEC 14496-12 §8.8.7. What is null comes from trex.</summary>
/// <param name="TrackId">Whose samples these are.</param>
/// <param name="BaseDataOffset">In the file, from which the data offsets count; null: see <paramref name="DefaultBaseIsMoof"/>.</param>
/// <param name="SampleDescriptionIndex">Which entry of stsd, from 1.</param>
/// <param name="SampleDuration">In the media's ticks.</param>
/// <param name="SampleSize">In bytes.</param>
/// <param name="SampleFlags">See <see cref="IsoBmff.SampleFlags"/>.</param>
/// <param name="DefaultBaseIsMoof">Whether the data offsets count from the moof.</param>
public readonly record struct Tfhd(
    uint TrackId, ulong? BaseDataOffset, uint? SampleDescriptionIndex, uint? SampleDuration, uint? SampleSize, uint? SampleFlags, bool DefaultBaseIsMoof)
{
    private const uint HasBaseDataOffset = 0x000001;
    private const uint HasSampleDescriptionIndex = 0x000002;
    private const uint HasSampleDuration = 0x000008;
    private const uint HasSampleSize = 0x000010;
    private const uint HasSampleFlags = 0x000020;
    private const uint IsBaseMoof = 0x020000;

    /// <summary>Reads the body.</summary>
    public static Tfhd Read(scoped ref BoxReader box)
    {
        var flags = box.ReadFullBoxHeader(highestVersion: 0).Flags;
        return new Tfhd(
            box.ReadUInt32(),
            (flags & HasBaseDataOffset) != 0 ? box.ReadUInt64() : null,
            (flags & HasSampleDescriptionIndex) != 0 ? box.ReadUInt32() : null,
            (flags & HasSampleDuration) != 0 ? box.ReadUInt32() : null,
            (flags & HasSampleSize) != 0 ? box.ReadUInt32() : null,
            (flags & HasSampleFlags) != 0 ? box.ReadUInt32() : null,
            (flags & IsBaseMoof) != 0);
    }

    /// <summary>Writes the box.</summary>
    public void Write(BoxWriter writer)
    {
        var flags = (BaseDataOffset is null ? 0 : HasBaseDataOffset)
            | (SampleDescriptionIndex is null ? 0 : HasSampleDescriptionIndex)
            | (SampleDuration is null ? 0 : HasSampleDuration)
            | (SampleSize is null ? 0 : HasSampleSize)
            | (SampleFlags is null ? 0 : HasSampleFlags)
            | (DefaultBaseIsMoof ? IsBaseMoof : 0);
        var box = writer.BeginFull(BoxType.Tfhd, 0, flags);
        writer.WriteUInt32(TrackId);
        if (BaseDataOffset is { } offset)
            writer.WriteUInt64(offset);
        if (SampleDescriptionIndex is { } description)
            writer.WriteUInt32(description);
        if (SampleDuration is { } duration)
            writer.WriteUInt32(duration);
        if (SampleSize is { } size)
            writer.WriteUInt32(size);
        if (SampleFlags is { } sampleFlags)
            writer.WriteUInt32(sampleFlags);
        writer.End(box);
    }
}
