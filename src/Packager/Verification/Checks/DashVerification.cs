using Movento.Packager.Verification.Descriptions;
using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification.Checks;

/// <summary>Reads a DASH presentation: an MPD with everything that it names.</summary>
internal sealed class DashVerification(Library library, TrackMeasurement measurement, IFrameMeasurement iframes, MediaReader media, SegmentBudget budget, Findings findings)
{
    private const int MaxDescription = 8 << 20;

    /// <summary>Verifies everything that an MPD names.</summary>
    public async Task<IReadOnlyList<MeasuredTrack>> VerifyAsync(string address, CancellationToken cancellationToken)
    {
        // :: The document
        MpdElement? mpd;
        try
        {
            if (await library.ReadAllAsync(address, MaxDescription, cancellationToken).ConfigureAwait(false) is not { } bytes)
            {
                findings.Add(VerificationRule.SourceLimit, new FindingLocation(address), $"The MPD has more than {MaxDescription} bytes.");
                return [];
            }

            mpd = MpdElement.Read(bytes, address, findings);
        }
        catch (PresentationSourceException exception)
        {
            findings.Add(VerificationRule.SourceMissing, new FindingLocation(address), exception.Message);
            return [];
        }

        if (mpd is null || !new MpdStructure(address, findings).Check(mpd))
            return [];

        // :: Every representation
        var representations = new MpdReader(address, library.Root, budget, findings).Read(mpd);
        var tracks = new MeasuredTrack[representations.Count];
        await library.ForEachAsync(
            tracks.Length,
            async (index, stop) => tracks[index] = await MeasureAsync(representations[index], stop).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);

        // :: What the MPD says of them
        var pairs = representations.Zip(tracks).ToArray();
        foreach (var (representation, track) in pairs)
        {
            new RepresentationChecks(representation, track, findings).Check(mpd);
            if (representation.Track.Kind == DeclaredKind.Tiles)
                await ThumbnailChecks.CheckAsync(representation, library, findings, cancellationToken).ConfigureAwait(false);
        }

        new AdaptationSetChecks(mpd, address, pairs, findings).Check();
        return tracks;
    }

    private async ValueTask<MeasuredTrack> MeasureAsync(RepresentationDeclaration representation, CancellationToken cancellationToken)
    {
        var declaration = representation.Track;
        SegmentIndex? index = null;
        if (representation.Naming == "SegmentBase" && declaration.Kind == DeclaredKind.Fragments)
        {
            if (representation.Index is not { } range)
            {
                findings.Add(VerificationRule.DashIndexRange, declaration.Location, "SegmentBase has no @indexRange.");
                return new MeasuredTrack(declaration);
            }

            if (representation.Initialization is { } header && header.Address == range.Address && header.Offset + header.Size > range.Offset)
                findings.Add(VerificationRule.DashIndexRange, declaration.Location, $"The initialization segment reaches to byte {header.Offset + header.Size - 1}, the index begins at {range.Offset}.");
            if (await media.LengthAsync(range, declaration.Location, cancellationToken).ConfigureAwait(false) is not { } size
                || (index = await SegmentIndex.ReadAsync(library, range, size, declaration.Location, findings, cancellationToken).ConfigureAwait(false)) is null)
                return new MeasuredTrack(declaration);
            foreach (var (offset, bytes, start, duration, _) in index.References)
                declaration.Segments.Add(new SegmentDeclaration(
                    new ResourceRange(range.Address, offset, bytes), (double)start / index.Timescale, (double)duration / index.Timescale, declaration.Line)
                { Map = representation.Initialization });
        }

        if (declaration.Kind == DeclaredKind.Fragments && declaration.Segments.Count > 0 && representation.Initialization is null)
            findings.Add(VerificationRule.DashAttribute, declaration.Location, "The Representation names no initialization segment.");
        var track = await measurement.MeasureAsync(declaration, cancellationToken).ConfigureAwait(false);
        if (declaration.Kind == DeclaredKind.IFrames)
            await iframes.MeasureAsync(track, cancellationToken).ConfigureAwait(false);
        index?.Check(track, await library.Open(index.Bytes.Address).LengthAsync(cancellationToken).ConfigureAwait(false), findings);
        return track;
    }
}
