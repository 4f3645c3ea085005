using Movento.Packager.Verification.Descriptions;
using Movento.Packager.Verification.Growth;
using Movento.Packager.Verification.Playlists;

namespace Movento.Packager.Verification;

/// <summary>
/// Reads the manifests of a presentation that still grows again and again until it is whole, and holds every two readings against each other: a player
/// that has begun relies on what it was told. The finished presentation is for <see cref="PresentationVerifier"/>.
/// </summary>
public static class GrowthVerifier
{
    private const int MaxManifest = 16 << 20;
    private const int MaxPlaylists = 512;

    /// <summary>
    /// 1. The manifests, and whether they are finished: then there is nothing to watch. 2. Read again after <see cref="GrowthOptions.Interval"/>, compared with
    /// the reading before, until all of it is finished.
    /// </summary>
    /// <param name="source">A server; what it gives is read anew each time.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Stops the watching.</param>
    /// <exception cref="PresentationSourceException">A manifest cannot be read.</exception>
    public static async Task<GrowthReport> WatchAsync(
        IPresentationSource source, GrowthOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GrowthOptions();
        var findings = new Findings();

        // :: Step 1, what there is
        var manifests = options.Manifests.Count > 0 ? options.Manifests : await source.FindManifestsAsync(cancellationToken).ConfigureAwait(false);
        var begun = options.Time.GetTimestamp();
        var reading = await ReadAsync(source, manifests, findings, cancellationToken).ConfigureAwait(false);
        var readings = 1;
        if (reading.IsFinished)
            return new GrowthReport(manifests, HasGrown: false, readings, findings.Sorted(), findings.Omitted);

        // :: Step 2, what becomes of it
        options.OnGrowing?.Invoke();
        while (!reading.IsFinished)
        {
            if (options.Time.GetElapsedTime(begun) > options.Limit)
            {
                reading.NeverEnds(options.Limit, findings);
                break;
            }

            await Task.Delay(options.Interval, options.Time, cancellationToken).ConfigureAwait(false);
            var next = await ReadAsync(source, manifests, findings, cancellationToken).ConfigureAwait(false);
            reading.CompareTo(next, findings);
            reading = next;
            readings++;
        }

        return new GrowthReport(manifests, HasGrown: true, readings, findings.Sorted(), findings.Omitted);
    }

    // What is wrong with the text of one reading is for the verifier of the whole: here it would be said once a reading.
    private static async Task<GrowthReading> ReadAsync(
        IPresentationSource source, IReadOnlyList<string> manifests, Findings findings, CancellationToken cancellationToken)
    {
        // A library of its own for each reading: files that grow have no length to be remembered.
        var library = new Library(source);
        var reading = new GrowthReading();
        var unheard = new Findings();
        foreach (var manifest in manifests)
        {
            if (await BytesAsync(library, manifest, findings, cancellationToken).ConfigureAwait(false) is not { } bytes)
                continue;
            if (PresentationVerifier.IsDescription(manifest))
            {
                if (MpdElement.Read(bytes, manifest, unheard) is { } mpd)
                    reading.Descriptions[manifest] = new DescriptionReading(manifest, mpd, bytes);
                continue;
            }

            if (PlaylistLine.ReadAll(bytes, manifest, unheard) is not { } lines)
                continue;
            if (!PlaylistParser.IsMultivariant(lines, manifest, unheard))
            {
                reading.Playlists[manifest] = PlaylistReading.Of(manifest, lines);
                continue;
            }

            var multivariant = PlaylistParser.ReadMultivariant(lines, manifest, library.Root, unheard);
            foreach (var playlist in multivariant.Media.Concat(multivariant.Variants).Select(entry => entry.Playlist).Distinct().Take(MaxPlaylists))
            {
                if (playlist is not null && !reading.Playlists.ContainsKey(playlist)
                    && await BytesAsync(library, playlist, findings, cancellationToken).ConfigureAwait(false) is { } inner
                    && PlaylistLine.ReadAll(inner, playlist, unheard) is { } mediaLines)
                    reading.Playlists[playlist] = PlaylistReading.Of(playlist, mediaLines);
            }
        }

        return reading;
    }

    private static async Task<byte[]?> BytesAsync(Library library, string address, Findings findings, CancellationToken cancellationToken)
    {
        var bytes = await library.ReadAllAsync(address, MaxManifest, cancellationToken).ConfigureAwait(false);
        if (bytes is null)
            findings.Add(VerificationRule.SourceLimit, new FindingLocation(address), $"'{address}' has more than {MaxManifest} bytes.");
        return bytes;
    }
}

/// <summary>How a presentation is watched.</summary>
public sealed class GrowthOptions
{
    /// <summary>The manifests, as addresses below the root; empty: those that the source finds.</summary>
    public IReadOnlyList<string> Manifests { get; init; } = [];

    /// <summary>Between two readings. A player asks again after a target duration, at the soonest after half of it (RFC 8216bis §6.3.4).</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A presentation that still grows after so long is found never to end.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Called once, when the first reading has shown that there is something to watch.</summary>
    public Action? OnGrowing { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What the watching found.</summary>
/// <param name="Manifests">The manifests that were read, as addresses below the root.</param>
/// <param name="HasGrown">Whether it grew at all; false where it was finished at the first reading.</param>
/// <param name="Readings">How often it was read.</param>
/// <param name="Findings">Errors first.</param>
/// <param name="OmittedFindings">How many more there were of rules that are broken again and again.</param>
public sealed record GrowthReport(IReadOnlyList<string> Manifests, bool HasGrown, int Readings, IReadOnlyList<Finding> Findings, int OmittedFindings)
{
    /// <summary>Whether a standard is broken.</summary>
    public bool HasErrors => Findings.Any(finding => finding.Severity == Severity.Error);
}
