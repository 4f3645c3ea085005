using System.Collections.Immutable;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Verification.Media;

/// <summary>A sidx (ISO/IEC 14496-12 §8.16.3) with its references as segments of the file.</summary>
/// <param name="Bytes">Of the box.</param>
/// <param name="Timescale">Ticks a second.</param>
/// <param name="References">Offset, size, earliest presentation time, duration, and the kind of access point; 0 for none.</param>
internal sealed record SegmentIndex(ResourceRange Bytes, uint Timescale, ImmutableArray<(long Offset, long Size, long Start, long Duration, int SapType)> References)
{
    private const int MaxSize = 16 + 32 + Sidx.MaxReferences * 12;

    /// <summary>Reads the sidx of a range.</summary>
    /// <returns>Null where there is none; the findings say so.</returns>
    public static async ValueTask<SegmentIndex?> ReadAsync(
        Library library, ResourceRange range, long size, FindingLocation named, Findings findings, CancellationToken cancellationToken)
    {
        var file = library.Open(range.Address);
        try
        {
            var (type, boxSize, _) = await MediaReader.ReadHeaderAsync(file, range.Offset, range.Offset + size, cancellationToken).ConfigureAwait(false);
            if (type != BoxType.Sidx || boxSize != size || size > MaxSize)
            {
                findings.Add(
                    VerificationRule.DashIndexRange, named,
                    type == BoxType.Sidx ? $"The index range has {size} bytes; the sidx there has {boxSize}." : $"A {new FourCC(type)} box stands at the index range's start, not a sidx.");
                if (type != BoxType.Sidx || boxSize > MaxSize)
                    return null;
            }

            return Read(await file.ReadAsync(range.Offset, (int)boxSize, cancellationToken).ConfigureAwait(false), range with { Size = boxSize }, findings);
        }
        catch (PresentationSourceException exception)
        {
            findings.Add(VerificationRule.SourceMissing, named, exception.Message);
            return null;
        }
        catch (MediaFormatException exception)
        {
            findings.Add(VerificationRule.DashIndexRange, named, $"The index range is no sidx: {exception.Message}");
            return null;
        }
    }

    private static SegmentIndex Read(ReadOnlySpan<byte> bytes, ResourceRange range, Findings findings)
    {
        new BoxReader(bytes, range.Offset).TryReadBox(out var box);
        var sidx = Sidx.Read(ref box);
        var references = ImmutableArray.CreateBuilder<(long, long, long, long, int)>(sidx.Count);
        var (offset, start) = (range.Offset + bytes.Length + Math.Min(sidx.FirstOffset, long.MaxValue / 4), Math.Min(sidx.EarliestPresentationTime, long.MaxValue / 4));
        for (var index = 0; index < sidx.Count; index++)
        {
            var reference = sidx[index];
            if (reference.IsIndex)
            {
                findings.Add(
                    VerificationRule.IsoSidx, new FindingLocation(range.Address, null, range.Offset, "sidx"),
                    "The index refers to further indexes, which are not followed: the segments behind it are not checked.", Severity.Warning);
                break;
            }

            references.Add((offset, reference.Size, start, reference.Duration, reference.StartsWithSap ? reference.SapType : 0));
            offset += reference.Size;
            start += reference.Duration;
        }

        return new SegmentIndex(range, sidx.Timescale, references.ToImmutable());
    }

    /// <summary>Holds the index against the fragments that it refers to.</summary>
    public void Check(MeasuredTrack track, long fileLength, Findings findings)
    {
        const double Tolerance = 0.002;
        for (var index = 0; index < References.Length; index++)
        {
            var reference = References[index];
            var location = new FindingLocation(Bytes.Address, null, Bytes.Offset, "sidx");
            if (index >= track.Segments.Length || track.Run(index) is not { } run)
            {
                findings.Add(VerificationRule.IsoSidx, location, $"Reference {index + 1} is to bytes {reference.Offset} to {reference.Offset + reference.Size - 1}, which are not whole fragments.");
                continue;
            }

            var (start, duration) = ((double)reference.Start / Timescale, (double)reference.Duration / Timescale);
            // Times are presentation times, some writers' decode times; an edit list may cut off what is before zero.
            if (!IsNear(start, run.StartSeconds) && !IsNear(start, run.Track.Seconds(run.DecodeStart)) && !IsNear(start, run.Track.Seconds(run.EarliestPresentation - run.Track.PresentationShift)))
                findings.Add(
                    VerificationRule.IsoSidx, location,
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Reference {index + 1} is said to begin at {start:0.######} s; its fragments do at {run.StartSeconds:0.######} s."));
            var shown = (track.Run(index + 1)?.StartSeconds ?? run.Track.Seconds(run.LatestPresentationEnd)) - run.StartSeconds;
            if (!IsNear(duration, run.DecodeDuration) && !IsNear(duration, shown))
                findings.Add(
                    VerificationRule.IsoSidx, location,
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Reference {index + 1} is said to last {duration:0.######} s; its fragments do {run.DecodeDuration:0.######} s."));
            if (reference.SapType is 1 or 2 && !run.BeginsWithSync)
                findings.Add(VerificationRule.IsoSidx, location, $"Reference {index + 1} is said to begin with an access point; its first sample is not a sync sample.");
            else if (reference.SapType == 0 && run.BeginsWithSync && run.Track.IsVideo)
                findings.Add(VerificationRule.IsoSidx, location, $"Reference {index + 1} begins with a sync sample; the index does not say so.", Severity.Warning);
        }

        if (References.Length > 0 && References[^1] is var last && last.Offset + last.Size < fileLength && fileLength != long.MaxValue)
            findings.Add(
                VerificationRule.IsoSidx, new FindingLocation(Bytes.Address, null, Bytes.Offset, "sidx"),
                $"The index ends at byte {last.Offset + last.Size}; the file has {fileLength}.", fileLength - last.Offset - last.Size < 1024 ? Severity.Warning : null);

        bool IsNear(double said, double found) => Math.Abs(said - found) <= Tolerance;
    }
}
