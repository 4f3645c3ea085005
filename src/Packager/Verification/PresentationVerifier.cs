using Movento.Packager.Verification.Checks;
using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification;

/// <summary>
/// Reads a finished presentation back like a stranger, from its manifests down to the first bytes of every segment, and holds it against the
/// rules of <see cref="VerificationRule.All"/>. Nothing of the packager's own model is asked.
/// </summary>
public static class PresentationVerifier
{
    /// <summary>
    /// 1. The manifests, from the source or the options. 2. Their text. 3. Every track that they name, measured. 4. What they say of the
    /// tracks, and of one another.
    /// </summary>
    /// <param name="source">A folder, a server, or what was just packaged.</param>
    /// <param name="options">Null for none.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="PresentationSourceException">Not even the first manifest can be read.</exception>
    public static async Task<VerificationReport> VerifyAsync(
        IPresentationSource source, VerificationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new VerificationOptions();
        var findings = new Findings();
        var library = new Library(source);
        var media = new MediaReader(library, findings);
        var measurement = new TrackMeasurement(library, media, options, findings);

        // :: Step 1, the manifests
        var manifests = options.Manifests.Count > 0 ? options.Manifests : await source.FindManifestsAsync(cancellationToken).ConfigureAwait(false);
        if (manifests.Count == 0)
            throw new PresentationSourceException(true, "There is no playlist (*.m3u8) and no MPD (*.mpd).");

        // :: Steps 2 to 4, each with its own kind of manifest
        var (tracks, budget) = (new List<MeasuredTrack>(), new SegmentBudget());
        foreach (var manifest in manifests)
        {
            tracks.AddRange(IsDescription(manifest)
                ? await new DashVerification(
                        library, measurement, new IFrameMeasurement(library, media, VerificationRule.DashTrickMode, VerificationRule.DashTrickMode, findings), media, budget, findings)
                    .VerifyAsync(manifest, cancellationToken).ConfigureAwait(false)
                : await new HlsVerification(
                        library, measurement, new IFrameMeasurement(library, media, VerificationRule.HlsIFrameRange, VerificationRule.HlsIFrameDuration, findings), budget, findings)
                    .VerifyAsync(manifest, cancellationToken).ConfigureAwait(false));
        }

        ManifestChecks.Check(tracks, findings);
        if (tracks.Count == 0)
            findings.Add(VerificationRule.SourceEmpty, new FindingLocation(manifests[0]), "No track can be read.");
        return new VerificationReport(
            manifests,
            [.. tracks.Select(track => new VerifiedTrack(
                track.Declaration.Manifest, track.Declaration.Name, track.Kind, track.Codecs, track.Declaration.Segments.Count,
                TimeSpan.FromSeconds(Math.Clamp(track.Duration, 0, 1e9)), track.Peak(10), track.Average()))],
            findings.Sorted(), findings.Omitted, library.BytesRead);
    }

    internal static bool IsDescription(string manifest)
    {
        var end = manifest.AsSpan().IndexOfAny('?', '#');
        return (end < 0 ? manifest : manifest[..end]).EndsWith(".mpd", StringComparison.OrdinalIgnoreCase);
    }
}
