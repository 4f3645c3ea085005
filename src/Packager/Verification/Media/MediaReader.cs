using System.Buffers.Binary;
using System.Collections.Concurrent;
using Movento.Packager.IsoBmff;

namespace Movento.Packager.Verification.Media;

/// <summary>Measures initialization segments and media segments, each once however many manifests name it.</summary>
internal sealed class MediaReader(Library library, Findings findings)
{
    private const int MaxBox = 16 << 20;
    private const int MaxFragments = 4096;

    // A segment whose every box is tiny would still be walked box by box.
    private const int MaxBoxes = 32768;

    private readonly ConcurrentDictionary<ResourceRange, InitializationSegment?> _initializations = new();
    private readonly ConcurrentDictionary<ResourceRange, MeasuredSegment?> _segments = new();

    /// <summary>Reads an initialization segment.</summary>
    /// <returns>Null where it cannot be read; the findings say why.</returns>
    public async ValueTask<InitializationSegment?> InitializationAsync(ResourceRange range, FindingLocation named, CancellationToken cancellationToken)
    {
        if (_initializations.TryGetValue(range, out var known))
            return known;
        InitializationSegment? initialization = null;
        if (await LengthAsync(range, named, cancellationToken).ConfigureAwait(false) is { } size)
        {
            if (size > MaxBox)
                findings.Add(VerificationRule.SourceLimit, named, $"The initialization segment has {size} bytes; at most {MaxBox} are read.");
            else
                initialization = InitializationReader.Read(
                    await library.Open(range.Address).ReadAsync(range.Offset, (int)size, cancellationToken).ConfigureAwait(false), range, findings);
        }

        return _initializations[range] = initialization;
    }

    /// <summary>Measures a segment.</summary>
    /// <returns>Null where it cannot be read; the findings say why.</returns>
    public async ValueTask<MeasuredSegment?> SegmentAsync(
        Library.Cursor file, ResourceRange range, InitializationSegment initialization, FindingLocation named, CancellationToken cancellationToken)
    {
        if (_segments.TryGetValue(range, out var known))
            return known;
        MeasuredSegment? segment = null;
        if (await LengthAsync(range, named, cancellationToken).ConfigureAwait(false) is { } size)
        {
            segment = new MeasuredSegment { Bytes = range, Size = size };
            try
            {
                await MeasureAsync(file, segment, initialization, cancellationToken).ConfigureAwait(false);
            }
            catch (MediaFormatException exception)
            {
                findings.Add(range.Address, exception);
                segment = null;
            }
            catch (PresentationSourceException exception)
            {
                findings.Add(VerificationRule.SourceMissing, named, exception.Message);
                segment = null;
            }
        }

        return _segments[range] = segment;
    }

    /// <summary>How many bytes a range really has, once it is sure that the file has them.</summary>
    public async ValueTask<long?> LengthAsync(ResourceRange range, FindingLocation named, CancellationToken cancellationToken)
    {
        try
        {
            var length = await library.Open(range.Address).LengthAsync(cancellationToken).ConfigureAwait(false);
            var size = range.Size ?? length - range.Offset;
            if (size > 0 && range.Offset >= 0 && range.Offset <= length - size)
                return size;
            findings.Add(
                VerificationRule.SourceMissing, named,
                size <= 0 ? $"'{range.Address}' is empty." : $"Bytes {range.Offset} to {range.Offset + size - 1} of '{range.Address}' are named; it has {length}.");
        }
        catch (PresentationSourceException exception)
        {
            findings.Add(VerificationRule.SourceMissing, named, exception.Message);
        }

        return null;
    }

    private async ValueTask MeasureAsync(
        Library.Cursor file, MeasuredSegment segment, InitializationSegment initialization, CancellationToken cancellationToken)
    {
        var (position, end) = (segment.Bytes.Offset, segment.Bytes.Offset + segment.Size);
        var (fragments, boxes) = (0, 0);
        List<TrackFragment>? pending = null;
        var pendingOffset = 0L;
        while (position < end)
        {
            var (type, size, headerSize) = await ReadHeaderAsync(file, position, end, cancellationToken).ConfigureAwait(false);
            if (++boxes > MaxBoxes)
                throw new MediaFormatException(MediaFormatError.TooLarge, "", position, $"The segment has more than {MaxBoxes} boxes.");
            switch (type)
            {
                case BoxType.Moof:
                    if (pending is not null)
                        findings.Add(VerificationRule.IsoSegment, new FindingLocation(file.Address, null, position, "moof"), "A moof follows another one; its mdat is wanted between them.");
                    if (size > MaxBox || ++fragments > MaxFragments)
                        throw new MediaFormatException(MediaFormatError.TooLarge, "moof", position, $"The moof has {size} bytes, or is one of more than {MaxFragments} of a segment.");
                    var bytes = await file.ReadAsync(position, (int)size, cancellationToken).ConfigureAwait(false);
                    (var sequence, pending) = FragmentReader.Read(bytes, position, file.Address, initialization, findings);
                    pendingOffset = position;
                    if (fragments == 1)
                        segment.FirstSequenceNumber = sequence;
                    else if (sequence <= segment.LastSequenceNumber)
                        findings.Add(VerificationRule.IsoSequence, new FindingLocation(file.Address, null, position, "moof/mfhd"), $"The sequence number {sequence} follows {segment.LastSequenceNumber}.");
                    segment.LastSequenceNumber = sequence;
                    break;
                case BoxType.Mdat:
                    if (pending is null)
                    {
                        findings.Add(VerificationRule.IsoSegment, new FindingLocation(file.Address, null, position, "mdat"), "An mdat has no moof before it.");
                        break;
                    }

                    CheckData(pending, file.Address, pendingOffset, position + headerSize, position + size);
                    foreach (var fragment in pending)
                        await AddAsync(file, segment, fragment, pendingOffset, cancellationToken).ConfigureAwait(false);
                    pending = null;
                    break;
                case BoxType.Moov:
                    findings.Add(VerificationRule.IsoSegment, new FindingLocation(file.Address, null, position, "moov"), "The segment has a moov box: its range reaches over the initialization segment.");
                    break;
            }

            position += size;
        }

        if (pending is not null)
            findings.Add(VerificationRule.IsoSegment, new FindingLocation(file.Address, null, pendingOffset, "moof"), "The segment ends behind a moof; its mdat is wanted too.");
        if (fragments == 0)
            findings.Add(VerificationRule.IsoSegment, new FindingLocation(file.Address, null, segment.Bytes.Offset), "The segment has no moof box.");
    }

    /// <summary>The header of a box that must end at <paramref name="end"/> at the latest.</summary>
    public static async ValueTask<(uint Type, long Size, int HeaderSize)> ReadHeaderAsync(
        Library.Cursor file, long position, long end, CancellationToken cancellationToken)
    {
        var header = await file.ReadAsync(position, 16, cancellationToken).ConfigureAwait(false);
        if (header.Length < 8 || end - position < 8)
            throw new MediaFormatException(MediaFormatError.Truncated, "", position, $"A box begins {end - position} bytes before the end of the segment.");
        long size = BinaryPrimitives.ReadUInt32BigEndian(header);
        var type = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
        var headerSize = 8;
        if (size == 1 && header.Length == 16)
        {
            size = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8)), long.MaxValue);
            headerSize = 16;
        }
        else if (size == 0)
        {
            size = end - position;
        }

        if (size < headerSize)
            throw new MediaFormatException(MediaFormatError.Invalid, new FourCC(type).ToString(), position, $"The box says that it has {size} bytes, fewer than its header.");
        return size <= end - position
            ? (type, size, headerSize)
            : throw new MediaFormatException(MediaFormatError.Truncated, new FourCC(type).ToString(), position, $"The box has {size} bytes; the segment ends after {end - position}.");
    }

    private void CheckData(List<TrackFragment> fragments, string address, long moof, long start, long end)
    {
        var used = 0L;
        foreach (var fragment in fragments)
        {
            if (fragment.Samples == 0)
                continue;
            used += fragment.DataSize;
            if (fragment.DataStart < start || fragment.DataEnd > end)
                findings.Add(
                    VerificationRule.IsoData, new FindingLocation(address, null, moof, "moof/traf/trun"),
                    $"The samples lie at bytes {fragment.DataStart} to {fragment.DataEnd - 1}; the data of the mdat at {start} to {end - 1}.");
        }

        if (used < end - start)
            findings.Add(VerificationRule.IsoData, new FindingLocation(address, null, start, "mdat"), $"The samples have {used} bytes of the mdat's {end - start}.");
    }

    private async ValueTask AddAsync(
        Library.Cursor file, MeasuredSegment segment, TrackFragment fragment, long moof, CancellationToken cancellationToken)
    {
        if (fragment.Samples == 0)
            return;
        var track = fragment.Track;
        var shift = track.PresentationShift;
        if (segment.Find(track.Id) is not { } run)
        {
            segment.Runs.Add(run = new MeasuredRun(track)
            {
                DecodeStart = fragment.DecodeTime,
                DecodeEnd = fragment.DecodeTime,
                EarliestPresentation = long.MaxValue,
                LatestPresentationEnd = long.MinValue,
                FirstPresentation = fragment.DecodeTime + fragment.FirstComposition + shift,
                BeginsWithSync = fragment.FirstIsSync,
            });
            if (track.IsVideo && fragment.FirstIsSync && track.Protection is not { IsProtected: true })
                run.BeginsWithKeyPicture = await KeyPicture.IsAsync(file, fragment.DataStart, fragment.FirstSize, track, cancellationToken).ConfigureAwait(false);
        }
        else if (fragment.HasDecodeTime && fragment.DecodeTime != run.DecodeEnd)
        {
            CheckContinuity(track, run.DecodeEnd, fragment.DecodeTime, new FindingLocation(file.Address, null, moof, "moof/traf/tfdt"));
            run.DecodeEnd = fragment.DecodeTime;
        }

        run.EarliestPresentation = Math.Min(run.EarliestPresentation, run.DecodeEnd + fragment.EarliestComposition + shift);
        run.LatestPresentationEnd = Math.Max(run.LatestPresentationEnd, run.DecodeEnd + fragment.LatestCompositionEnd + shift);
        run.DecodeEnd += fragment.Duration;
        run.Samples += fragment.Samples;
        run.ShortestDuration = Math.Min(run.ShortestDuration, fragment.ShortestDuration);
    }

    /// <summary>Whether a fragment follows on the one before; a gap or an overlap of a millisecond is a rounding.</summary>
    public void CheckContinuity(InitializationTrack track, long expected, long found, FindingLocation location)
    {
        if (found == expected)
            return;
        var difference = track.Seconds(found - expected);
        findings.Add(
            VerificationRule.IsoTfdt, location,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The decode time is {found}; the samples before end at {expected}: {(difference > 0 ? "a gap" : "an overlap")} of {Math.Abs(difference):0.######} s."),
            Math.Abs(difference) <= 0.001 ? Severity.Warning : null);
    }
}
