using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Verification.Media;

/// <summary>One traf of a moof, its runs added up.</summary>
internal sealed class TrackFragment
{
    public required InitializationTrack Track { get; init; }

    public bool HasDecodeTime { get; set; }

    public long DecodeTime { get; set; }

    public long Duration { get; set; }

    public int Samples { get; set; }

    public bool FirstIsSync { get; set; }

    public uint FirstSize { get; set; }

    /// <summary>Relative to <see cref="DecodeTime"/>, before the edit list.</summary>
    public long FirstComposition { get; set; }

    public long EarliestComposition { get; set; } = long.MaxValue;

    public long LatestCompositionEnd { get; set; } = long.MinValue;

    public uint ShortestDuration { get; set; } = uint.MaxValue;

    public long DataStart { get; set; } = -1;

    public long DataEnd { get; set; } = -1;

    public long DataSize { get; set; }
}

/// <summary>Reads a moof (ISO/IEC 14496-12 §8.8.4) and says what is wrong with it.</summary>
internal static class FragmentReader
{
    public const int MaxSamples = 1 << 20;

    private static readonly uint Senc = FourCC.Of("senc"u8).Value;
    private static readonly uint Saiz = FourCC.Of("saiz"u8).Value;
    private static readonly uint Saio = FourCC.Of("saio"u8).Value;

    /// <summary>Reads the whole box.</summary>
    /// <exception cref="MediaFormatException">It cannot be read.</exception>
    public static (uint SequenceNumber, List<TrackFragment> Fragments) Read(
        ReadOnlySpan<byte> bytes, long offset, string address, InitializationSegment initialization, Findings findings)
    {
        new BoxReader(bytes, offset).TryReadBox(out var moof);
        var fragments = new List<TrackFragment>();
        uint? sequence = null;
        for (var index = 0; moof.TryReadBox(out var box, index);)
        {
            if (box.Type == BoxType.Mfhd)
            {
                sequence = Mfhd.Read(ref box).SequenceNumber;
                continue;
            }

            if (box.Type != BoxType.Traf)
                continue;
            index++;
            if (fragments.Count == 64)
                throw box.Error(MediaFormatError.TooLarge, "There are more than 64 track fragments.");
            if (ReadTrackFragment(box, offset, address, initialization, fragments, findings) is { } fragment)
                fragments.Add(fragment);
        }

        return (sequence ?? throw moof.Error(MediaFormatError.Missing, "There is no mfhd box."), fragments);
    }

    private static TrackFragment? ReadTrackFragment(
        BoxReader traf, long moofOffset, string address, InitializationSegment initialization, List<TrackFragment> before, Findings findings)
    {
        var children = traf;
        var box = children.Find(BoxType.Tfhd);
        var header = Tfhd.Read(ref box);
        if (initialization.Find(header.TrackId) is not { } track)
        {
            findings.Add(VerificationRule.IsoTrackId, At(address, box, "moof/traf/tfhd"), $"The fragment is of track {header.TrackId}, which the initialization segment does not have.");
            return null;
        }

        if (!header.DefaultBaseIsMoof)
            findings.Add(VerificationRule.IsoBase, At(address, box, "moof/traf/tfhd"), "The flag default-base-is-moof is not set.");
        var fragment = new TrackFragment { Track = track };
        var @base = header.DefaultBaseIsMoof || header.BaseDataOffset is null
            ? !header.DefaultBaseIsMoof && before.Count > 0 ? before[^1].DataEnd : moofOffset
            : (long)Math.Min(header.BaseDataOffset.Value, long.MaxValue / 2);
        var position = @base;
        var isContiguous = true;
        List<uint>? sizes = track.Protection is { IsProtected: true } ? [] : null;
        for (var index = 0; traf.TryReadBox(out var child, index);)
        {
            switch (child.Type)
            {
                case BoxType.Tfdt:
                    fragment.DecodeTime = Tfdt.Read(ref child).BaseMediaDecodeTime;
                    fragment.HasDecodeTime = true;
                    if (fragment.DecodeTime > 1L << 60)
                        throw child.Error(MediaFormatError.TooLarge, $"The decode time {fragment.DecodeTime} is too large.");
                    break;
                case BoxType.Trun:
                    index++;
                    isContiguous &= ReadRun(child, header, track, @base, ref position, fragment, sizes);
                    break;
            }
        }

        if (!fragment.HasDecodeTime)
            findings.Add(VerificationRule.IsoTfdt, At(address, box, "moof/traf"), "The fragment has no tfdt box.");
        if (!isContiguous)
            findings.Add(VerificationRule.IsoData, At(address, box, "moof/traf/trun"), "The runs of samples do not follow on one another.", Severity.Warning);
        if (sizes is not null) // `children` stands behind tfhd, which comes first (§8.8.7).
            CheckEncryption(children, track.Protection!, sizes, moofOffset, address, findings);
        return fragment;
    }

    private static bool ReadRun(
        BoxReader box, Tfhd header, InitializationTrack track, long @base, ref long position, TrackFragment fragment, List<uint>? sizes)
    {
        var run = Trun.Read(ref box);
        if (run.Count > MaxSamples - fragment.Samples)
            throw box.Error(MediaFormatError.TooLarge, $"The fragment has more than {MaxSamples} samples.");
        var isContiguous = true;
        if (run.DataOffset is { } dataOffset)
        {
            isContiguous = fragment.DataStart < 0 || @base + dataOffset == fragment.DataEnd;
            position = @base + dataOffset;
        }

        for (var index = 0; index < (int)run.Count; index++)
        {
            var row = run[index];
            var size = row.Size ?? header.SampleSize ?? track.Defaults.SampleSize;
            var duration = row.Duration ?? header.SampleDuration ?? track.Defaults.SampleDuration;
            if (fragment.Samples == 0)
            {
                fragment.FirstIsSync = ((row.Flags ?? header.SampleFlags ?? track.Defaults.SampleFlags) & SampleFlags.IsNonSync) == 0;
                fragment.FirstSize = size;
                fragment.FirstComposition = row.CompositionOffset;
                fragment.DataStart = position;
            }

            var composition = fragment.Duration + row.CompositionOffset;
            fragment.EarliestComposition = Math.Min(fragment.EarliestComposition, composition);
            fragment.LatestCompositionEnd = Math.Max(fragment.LatestCompositionEnd, composition + duration);
            if (duration > 0)
                fragment.ShortestDuration = Math.Min(fragment.ShortestDuration, duration);
            fragment.Duration += duration;
            fragment.DataSize += size;
            fragment.Samples++;
            position += size;
            sizes?.Add(size);
        }

        fragment.DataEnd = Math.Max(fragment.DataEnd, position);
        return isContiguous;
    }

    // ISO/IEC 23001-7 §7, ISO/IEC 14496-12 §8.7.8 and §8.7.9
    private static void CheckEncryption(
        BoxReader children, TrackProtection protection, List<uint> sizes, long moofOffset, string address, Findings findings)
    {
        var (hasSenc, hasSaiz, hasSaio) = (false, false, false);
        var (entries, auxiliary) = (-1L, -1L);
        var (infoStart, infoSize, pointed) = (-1L, 0L, -1L);
        while (children.TryReadBox(out var box))
        {
            if (box.Type == Senc)
            {
                hasSenc = true;
                var flags = box.ReadFullBoxHeader(highestVersion: 2).Flags;
                var count = box.ReadUInt32();
                infoStart = box.Offset;
                if (count != sizes.Count)
                {
                    findings.Add(VerificationRule.EncryptionSamples, At(address, box, "moof/traf/senc"), $"senc is of {count} samples; the fragment has {sizes.Count}.");
                    return;
                }

                var hasSubsamples = (flags & 2) != 0;
                for (var sample = 0; sample < sizes.Count; sample++)
                {
                    box.Skip(protection.VectorSize);
                    if (!hasSubsamples)
                        continue;
                    var (subsamples, total) = (box.ReadUInt16(), 0L);
                    for (var subsample = 0; subsample < subsamples; subsample++)
                        total += box.ReadUInt16() + (long)box.ReadUInt32();
                    if (total != sizes[sample])
                        findings.Add(VerificationRule.EncryptionSamples, At(address, box, "moof/traf/senc"), $"The subsamples of sample {sample + 1} have {total} bytes; the sample has {sizes[sample]}.");
                }

                infoSize = box.Offset - infoStart;
                if (box.Remaining > 0)
                    findings.Add(VerificationRule.EncryptionSamples, At(address, box, "moof/traf/senc"), $"senc has {box.Remaining} bytes more than its samples need.");
            }
            else if (box.Type == Saiz)
            {
                hasSaiz = true;
                if ((box.ReadFullBoxHeader(highestVersion: 0).Flags & 1) != 0)
                    box.Skip(8);
                var size = box.ReadUInt8();
                entries = box.ReadUInt32();
                if (size != 0)
                {
                    auxiliary = size * entries;
                }
                else
                {
                    auxiliary = 0;
                    foreach (var one in box.ReadTable((uint)entries, 1))
                        auxiliary += one;
                }

                if (entries > sizes.Count)
                    findings.Add(VerificationRule.EncryptionSamples, At(address, box, "moof/traf/saiz"), $"saiz is of {entries} samples; the fragment has {sizes.Count}.");
            }
            else if (box.Type == Saio)
            {
                hasSaio = true;
                var full = box.ReadFullBoxHeader(highestVersion: 1);
                if ((full.Flags & 1) != 0)
                    box.Skip(8);
                var count = box.ReadUInt32();
                pointed = count != 1 ? -1 : full.Version == 1 ? box.ReadTime64() : box.ReadUInt32();
            }
        }

        // With a constant vector and whole samples encrypted there is nothing to say of a sample.
        if (!hasSenc && !hasSaiz && protection.VectorSize > 0)
            findings.Add(VerificationRule.EncryptionSamples, new FindingLocation(address, null, moofOffset, "moof/traf"), "The samples are encrypted, and neither senc nor saiz says how.");
        if (hasSaiz != hasSaio)
            findings.Add(VerificationRule.EncryptionSamples, new FindingLocation(address, null, moofOffset, "moof/traf"), "saiz and saio come together, or not at all.");
        if (hasSenc && pointed >= 0 && pointed != infoStart - moofOffset)
            findings.Add(VerificationRule.EncryptionSamples, new FindingLocation(address, null, moofOffset, "moof/traf/saio"), $"saio points at byte {pointed} of the fragment; the data of senc begins at {infoStart - moofOffset}.");
        if (hasSenc && hasSaiz && auxiliary != infoSize)
            findings.Add(VerificationRule.EncryptionSamples, new FindingLocation(address, null, moofOffset, "moof/traf/saiz"), $"saiz speaks of {auxiliary} bytes; senc has {infoSize}.");
    }

    private static FindingLocation At(string address, in BoxReader box, string path) => new(address, null, box.Offset, path);
}
