using System.Collections.Immutable;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;

namespace Movento.Packager.Cmaf;

/// <summary>What stands in a CMAF track file (ISO/IEC 23000-19 §7.3.4), read from its bytes: to be held against a <see cref="Rendition"/>.</summary>
/// <param name="Timescale">Of the segment index.</param>
/// <param name="Initialization">The bytes of ftyp and moov.</param>
/// <param name="SegmentIndex">The bytes of the one sidx.</param>
/// <param name="Segments">As the index lists them; each was found to be whole fragments.</param>
/// <param name="SampleCount">Samples in all fragments.</param>
public sealed record CmafTrackFile(
    uint Timescale, ByteRange Initialization, ByteRange SegmentIndex, ImmutableArray<Segment> Segments, long SampleCount)
{
    private const int MaxHeaderSize = 1 << 20;
    private const int MaxFragmentHeaderSize = 256 << 20;

    /// <summary>Reads a file as <see cref="CmafPackager"/> writes it: ftyp, moov, one sidx, then pairs of moof and mdat.</summary>
    /// <exception cref="MediaFormatException">The file is laid out otherwise, or its index does not fit its fragments.</exception>
    public static async Task<CmafTrackFile> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        // :: Step 1 — the header and the index
        var boxes = new TopLevelBoxes(source);
        await ExpectAsync(boxes, BoxType.Ftyp, cancellationToken).ConfigureAwait(false);
        using (var ftyp = await boxes.LoadAsync(MaxHeaderSize, cancellationToken).ConfigureAwait(false))
        {
            if (!IsCmaf(ftyp))
                throw boxes.Error(MediaFormatError.Invalid, "The brand is not cmfc.");
        }

        await ExpectAsync(boxes, BoxType.Moov, cancellationToken).ConfigureAwait(false);
        var initialization = new ByteRange(0, boxes.Offset + boxes.Size);
        await ExpectAsync(boxes, BoxType.Sidx, cancellationToken).ConfigureAwait(false);
        var index = new ByteRange(boxes.Offset, boxes.Size);
        uint timescale;
        ImmutableArray<Segment> segments;
        using (var sidx = await boxes.LoadAsync(MaxHeaderSize, cancellationToken).ConfigureAwait(false))
            (timescale, segments) = ReadIndex(sidx, index.Offset + index.Size);

        // :: Step 2 — the fragments: each one inside the segment that the index puts there
        var samples = 0L;
        var segment = 0;
        while (await boxes.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (boxes.Type != BoxType.Moof)
                throw boxes.Error(MediaFormatError.Invalid, "A moof is wanted here.");
            if (segment == segments.Length || boxes.Offset < segments[segment].Offset)
                throw boxes.Error(MediaFormatError.Invalid, "The fragment lies in no segment of the index.");
            using (var moof = await boxes.LoadAsync(MaxFragmentHeaderSize, cancellationToken).ConfigureAwait(false))
                samples += ReadFragment(moof, isFirst: boxes.Offset == segments[segment].Offset);
            await ExpectAsync(boxes, BoxType.Mdat, cancellationToken).ConfigureAwait(false);
            var end = boxes.Offset + boxes.Size;
            if (end == segments[segment].Offset + segments[segment].Size)
                segment++;
            else if (end > segments[segment].Offset + segments[segment].Size)
                throw boxes.Error(MediaFormatError.Invalid, "The fragment reaches past its segment.");
        }

        return segment == segments.Length
            ? new CmafTrackFile(timescale, initialization, index, segments, samples)
            : throw new MediaFormatException(MediaFormatError.Truncated, "", source.Length, $"The index has {segments.Length} segments; {segment} are there.");
    }

    private static async ValueTask ExpectAsync(TopLevelBoxes boxes, uint type, CancellationToken cancellationToken)
    {
        if (!await boxes.MoveNextAsync(cancellationToken).ConfigureAwait(false) || boxes.Type != type)
            throw boxes.Error(MediaFormatError.Missing, $"A {new FourCC(type)} is wanted here.");
    }

    private static bool IsCmaf(LoadedBox ftyp)
    {
        var box = ftyp.Open();
        return Ftyp.Read(ref box).Has(FourCC.Of("cmfc"u8));
    }

    private static (uint Timescale, ImmutableArray<Segment> Segments) ReadIndex(LoadedBox sidx, long end)
    {
        var box = sidx.Open();
        var index = Sidx.Read(ref box);
        var segments = ImmutableArray.CreateBuilder<Segment>(index.Count);
        var (offset, start) = (end + index.FirstOffset, index.EarliestPresentationTime);
        for (var number = 0; number < index.Count; number++)
        {
            var reference = index[number];
            if (reference.IsIndex || !reference.StartsWithSap || reference.SapType != 1)
                throw box.Error(MediaFormatError.Invalid, $"Segment {number + 1} does not begin with a stream access point of type 1.");
            segments.Add(new Segment(offset, reference.Size, start, reference.Duration));
            offset += reference.Size;
            start += reference.Duration;
        }

        return (index.Timescale, segments.MoveToImmutable());
    }

    private static long ReadFragment(LoadedBox moof, bool isFirst)
    {
        var box = moof.Open();
        var traf = box.Find(BoxType.Traf);
        if (box.TryFind(BoxType.Traf, out _))
            throw box.Error(MediaFormatError.Invalid, "The fragment has more than one traf.");
        var tfhdBox = traf.Find(BoxType.Tfhd);
        var tfhd = Tfhd.Read(ref tfhdBox);
        if (!tfhd.DefaultBaseIsMoof)
            throw tfhdBox.Error(MediaFormatError.Invalid, "The fragment's base is not its moof.");
        var tfdt = traf.Find(BoxType.Tfdt);
        Tfdt.Read(ref tfdt);
        var trunBox = traf.Find(BoxType.Trun);
        var trun = Trun.Read(ref trunBox);
        if (isFirst && ((trun.Count > 0 ? trun[0].Flags : null) ?? tfhd.SampleFlags ?? 0) is var flags && (flags & SampleFlags.IsNonSync) != 0)
            throw trunBox.Error(MediaFormatError.Invalid, "The segment does not begin with a sync sample.");
        return trun.Count;
    }
}
