using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Protection;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>Writes the moof of a CMAF fragment (ISO/IEC 23000-19 §7.3.2.4) and the header of its mdat.</summary>
internal static class FragmentWriter
{
    private const int MdatHeaderSize = 8;

    /// <summary>Writes the moof and the mdat's header; the samples' bytes follow.</summary>
    /// <returns>How many bytes of samples follow.</returns>
    /// <exception cref="MediaFormatException">The samples are larger than an mdat, or a composition offset larger than 32 bits.</exception>
    public static long Write(
        BoxWriter writer, ReadOnlySpan<Sample> samples, long decodeTime, long compositionShift, uint sequenceNumber, FragmentShape shape,
        FragmentProtection? protection = null)
    {
        // :: Step 1 — what is the same for every sample stands once, in tfhd
        var (dataSize, fields, isSigned) = (0L, shape.Always, false);
        foreach (ref readonly var sample in samples)
        {
            dataSize += sample.Size;
            if (sample.Duration != samples[0].Duration)
                fields |= TrunFields.SampleDuration;
            if (sample.Size != samples[0].Size)
                fields |= TrunFields.SampleSize;
            if (sample.CompositionOffset + compositionShift != 0)
                fields |= TrunFields.CompositionOffset;
            isSigned |= sample.CompositionOffset + compositionShift < 0;
        }

        if (dataSize > Sidx.MaxReferencedSize)
            throw new MediaFormatException(MediaFormatError.TooLarge, "moof", 0, $"A fragment has {dataSize} bytes; at most {Sidx.MaxReferencedSize} are indexed.");

        // A fragment of sound has only sync samples; one of pictures has one, the first.
        var othersAreSync = samples.Length == 1 || samples[1].IsSync;

        // :: Step 2 — moof
        var start = writer.Length;
        var moof = writer.Begin(BoxType.Moof);
        new Mfhd(sequenceNumber).Write(writer);
        var traf = writer.Begin(BoxType.Traf);
        new Tfhd(
            HeaderWriter.TrackId, null, null,
            (fields & TrunFields.SampleDuration) == 0 ? samples[0].Duration : null,
            (fields & TrunFields.SampleSize) == 0 ? samples[0].Size : null,
            othersAreSync ? SampleFlags.Sync : SampleFlags.NonSync,
            DefaultBaseIsMoof: true).Write(writer);
        new Tfdt(decodeTime).Write(writer);
        var trun = Trun.Begin(writer, fields, samples.Length, othersAreSync ? null : SampleFlags.Sync, isSigned, out var dataOffset);
        WriteRows(writer, samples, fields, compositionShift);
        writer.End(trun);
        if (shape.HasPreRoll)
            new Sbgp((uint)samples.Length).Write(writer);
        protection?.Write(writer, start, samples.Length);
        writer.End(traf);
        writer.End(moof);
        writer.PatchUInt32(dataOffset, (uint)(writer.Length - start + MdatHeaderSize));

        // :: Step 3 — the header of mdat
        writer.WriteUInt32((uint)(MdatHeaderSize + dataSize));
        writer.WriteUInt32(BoxType.Mdat);
        return dataSize;
    }

    private static void WriteRows(BoxWriter writer, ReadOnlySpan<Sample> samples, TrunFields fields, long compositionShift)
    {
        if (fields == TrunFields.None)
            return;
        foreach (ref readonly var sample in samples)
        {
            if ((fields & TrunFields.SampleDuration) != 0)
                writer.WriteUInt32(sample.Duration);
            if ((fields & TrunFields.SampleSize) != 0)
                writer.WriteUInt32(sample.Size);
            if ((fields & TrunFields.CompositionOffset) != 0)
            {
                var offset = sample.CompositionOffset + compositionShift;
                if (offset is < int.MinValue or > int.MaxValue)
                    throw new MediaFormatException(MediaFormatError.TooLarge, "moof/traf/trun", 0, $"The composition offset {offset} does not fit 32 bits.");
                writer.WriteInt32((int)offset);
            }
        }
    }
}
