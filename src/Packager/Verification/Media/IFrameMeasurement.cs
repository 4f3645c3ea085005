using Movento.Packager.IsoBmff;

namespace Movento.Packager.Verification.Media;

/// <summary>Reads what the byte ranges of an I-frame playlist really are (RFC 8216bis §4.4.3.6), or the segments of a trick mode in DASH.</summary>
/// <param name="library">The files.</param>
/// <param name="media">Reads headers.</param>
/// <param name="rangeRule">Broken by bytes that are not one picture.</param>
/// <param name="durationRule">Broken by a picture that is said to last otherwise than it does.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class IFrameMeasurement(Library library, MediaReader media, VerificationRule rangeRule, VerificationRule durationRule, Findings findings)
{
    private const double Tolerance = 0.050;

    /// <summary>Measures a track whose segments are I-frames.</summary>
    public async ValueTask MeasureAsync(MeasuredTrack track, CancellationToken cancellationToken)
    {
        var declaration = track.Declaration;
        var starts = new double?[declaration.Segments.Count];
        Library.Cursor? file = null;
        for (var index = 0; index < declaration.Segments.Count; index++)
        {
            var segment = declaration.Segments[index];
            if (segment.Map is not { } map || segment.Key is { Method: "AES-128" } || track.Sizes[index] == 0)
                continue;
            if (await media.InitializationAsync(map, declaration.At(segment), cancellationToken).ConfigureAwait(false) is not { } initialization)
                return;
            track.Initialization ??= initialization;
            if (file?.Address != segment.Bytes.Address)
                file = library.Open(segment.Bytes.Address);
            try
            {
                starts[index] = await MeasureAsync(file, segment, track.Sizes[index], initialization, declaration, cancellationToken).ConfigureAwait(false);
            }
            catch (MediaFormatException exception)
            {
                findings.Add(rangeRule, declaration.At(segment), exception.Message);
            }
            catch (PresentationSourceException exception)
            {
                findings.Add(VerificationRule.SourceMissing, declaration.At(segment), exception.Message);
            }
        }

        for (var index = 0; index + 1 < starts.Length; index++)
        {
            if (starts[index] is { } start && starts[index + 1] is { } next && Math.Abs(next - start - declaration.Segments[index].Duration) > Tolerance)
                findings.Add(
                    durationRule, declaration.At(declaration.Segments[index]),
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The I-frame is said to last {declaration.Segments[index].Duration:0.######} s; it is {next - start:0.######} s to the next I-frame."));
        }
    }

    private async ValueTask<double?> MeasureAsync(
        Library.Cursor file, SegmentDeclaration segment, long size, InitializationSegment initialization, TrackDeclaration declaration, CancellationToken cancellationToken)
    {
        const int MaxFragmentHeader = 16 << 20;
        var location = declaration.At(segment);
        var start = segment.Bytes.Offset;
        var end = start + size;
        var (type, boxSize, _) = await ReadHeaderAsync(file, start, cancellationToken).ConfigureAwait(false);
        while (type is not (BoxType.Moof or BoxType.Moov or BoxType.Ftyp or BoxType.Mdat) && start + boxSize < end) // styp, sidx, emsg, prft
        {
            start += boxSize;
            (type, boxSize, _) = await ReadHeaderAsync(file, start, cancellationToken).ConfigureAwait(false);
        }

        if (type != BoxType.Moof)
        {
            findings.Add(rangeRule, location, $"The byte range {segment.Bytes.Offset} to {end - 1} begins with a {new FourCC(type)} box; an I-frame begins with the moof of its fragment.");
            return null;
        }

        if (start + boxSize >= end || boxSize > MaxFragmentHeader)
        {
            findings.Add(rangeRule, location, $"The byte range ends within or right behind the moof of {boxSize} bytes: there is no picture in it.");
            return null;
        }

        var bytes = await file.ReadAsync(start, (int)boxSize, cancellationToken).ConfigureAwait(false);
        var (_, fragments) = FragmentReader.Read(bytes, start, file.Address, initialization, findings);
        var mdat = start + boxSize;
        (type, boxSize, _) = await ReadHeaderAsync(file, mdat, cancellationToken).ConfigureAwait(false);
        if (type != BoxType.Mdat)
        {
            findings.Add(rangeRule, location, $"A {new FourCC(type)} box follows the moof; its mdat is wanted.");
            return null;
        }

        if (fragments.Find(fragment => fragment.Track.IsVideo && fragment.Samples > 0) is not { } picture)
        {
            findings.Add(rangeRule, location, "The fragment has no picture.");
            return null;
        }

        if (!picture.FirstIsSync)
            findings.Add(rangeRule, location, "The first picture of the fragment is not flagged as a sync sample.");
        if (picture.DataStart + picture.FirstSize > end)
            findings.Add(rangeRule, location, $"The picture ends at byte {picture.DataStart + picture.FirstSize - 1}; the byte range at {end - 1}.");
        else if (end > mdat + boxSize)
            findings.Add(rangeRule, location, $"The byte range reaches {end - mdat - boxSize} bytes past the fragment.");
        if (picture.Track.Protection is not { IsProtected: true }
            && await KeyPicture.IsAsync(file, picture.DataStart, picture.FirstSize, picture.Track, cancellationToken).ConfigureAwait(false) == false)
            findings.Add(rangeRule, location, "The bytes of the picture are not of one that can be decoded alone.");
        return picture.Track.Seconds(picture.DecodeTime + picture.FirstComposition + picture.Track.PresentationShift);
    }

    // The range of an I-frame ends in the midst of the mdat, and a segment of its own with it: so a box may reach past it.
    private static ValueTask<(uint Type, long Size, int HeaderSize)> ReadHeaderAsync(Library.Cursor file, long position, CancellationToken cancellationToken) =>
        MediaReader.ReadHeaderAsync(file, position, long.MaxValue, cancellationToken);
}
