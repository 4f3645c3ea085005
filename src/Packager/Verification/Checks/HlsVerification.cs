using Movento.Packager.Verification.Media;
using Movento.Packager.Verification.Playlists;

namespace Movento.Packager.Verification.Checks;

/// <summary>Reads an HLS presentation: a multivariant playlist with everything that it names, or one media playlist.</summary>
internal sealed class HlsVerification(Library library, TrackMeasurement measurement, IFrameMeasurement iframes, SegmentBudget budget, Findings findings)
{
    private const int MaxPlaylist = 16 << 20;

    private readonly Dictionary<string, (ParsedMediaPlaylist Playlist, MeasuredTrack Track)> _playlists = new(StringComparer.Ordinal);

    /// <summary>Verifies everything that a playlist names.</summary>
    public async Task<IReadOnlyList<MeasuredTrack>> VerifyAsync(string address, CancellationToken cancellationToken)
    {
        if (await ReadAsync(address, new FindingLocation(address), cancellationToken).ConfigureAwait(false) is not { } lines)
            return [];
        if (!PlaylistParser.IsMultivariant(lines, address, findings))
        {
            var playlist = PlaylistParser.ReadMedia(lines, address, library.Root, budget, findings);
            await MeasureAsync([playlist], cancellationToken).ConfigureAwait(false);
            MediaPlaylistChecks.Check(playlist, _playlists[address].Track, playlist.IsIFramesOnly, isIndependent: false, findings);
            return [_playlists[address].Track];
        }

        // :: Every playlist that is named, read once
        var multivariant = PlaylistParser.ReadMultivariant(lines, address, library.Root, findings);
        var parsed = new List<ParsedMediaPlaylist>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in multivariant.Media.Concat(multivariant.Variants).Concat(multivariant.IFrameVariants))
        {
            if (entry.Playlist is not { } named || !seen.Add(named)
                || await ReadAsync(named, entry.Location, cancellationToken).ConfigureAwait(false) is not { } inner)
                continue;
            if (PlaylistParser.IsMultivariant(inner, named, findings))
                findings.Add(VerificationRule.HlsKind, entry.Location, $"'{named}' is a multivariant playlist; a media playlist is wanted.");
            else
                parsed.Add(PlaylistParser.ReadMedia(inner, named, library.Root, budget, findings));
        }

        await MeasureAsync(parsed, cancellationToken).ConfigureAwait(false);

        // :: What each says of its segments, and the multivariant playlist of all
        var ofIFrames = multivariant.IFrameVariants.Select(entry => entry.Playlist).ToHashSet(StringComparer.Ordinal);
        foreach (var playlist in parsed)
            MediaPlaylistChecks.Check(playlist, _playlists[playlist.Address].Track, ofIFrames.Contains(playlist.Address), multivariant.HasIndependentSegments, findings);
        var start = parsed.Select(playlist => _playlists[playlist.Address].Track).FirstOrDefault(track => track.IsVideo || track.IsAudio)?.Start ?? 0;
        foreach (var playlist in parsed.Where(playlist => playlist.Track.Kind == DeclaredKind.WebVtt))
            await WebVttChecks.CheckAsync(_playlists[playlist.Address].Track, start, library, findings, cancellationToken).ConfigureAwait(false);
        new MultivariantPlaylistChecks(multivariant, _playlists, findings).Check();
        return [.. parsed.Select(playlist => _playlists[playlist.Address].Track)];
    }

    private async Task MeasureAsync(List<ParsedMediaPlaylist> playlists, CancellationToken cancellationToken)
    {
        var measured = new MeasuredTrack[playlists.Count];
        await library.ForEachAsync(
            playlists.Count,
            async (index, stop) =>
            {
                var playlist = playlists[index];
                measured[index] = await measurement.MeasureAsync(playlist.Track, stop).ConfigureAwait(false);
                if (playlist.IsIFramesOnly)
                    await iframes.MeasureAsync(measured[index], stop).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        for (var index = 0; index < playlists.Count; index++)
            _playlists[playlists[index].Address] = (playlists[index], measured[index]);
    }

    private async ValueTask<List<PlaylistLine>?> ReadAsync(string address, FindingLocation named, CancellationToken cancellationToken)
    {
        try
        {
            if (await library.ReadAllAsync(address, MaxPlaylist, cancellationToken).ConfigureAwait(false) is { } bytes)
                return PlaylistLine.ReadAll(bytes, address, findings);
            findings.Add(VerificationRule.SourceLimit, named, $"'{address}' has more than {MaxPlaylist} bytes.");
        }
        catch (PresentationSourceException exception)
        {
            findings.Add(VerificationRule.SourceMissing, named, exception.Message);
        }

        return null;
    }
}
