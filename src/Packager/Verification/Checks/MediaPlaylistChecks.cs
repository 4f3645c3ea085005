using Movento.Packager.Verification.Media;
using Movento.Packager.Verification.Playlists;

namespace Movento.Packager.Verification.Checks;

/// <summary>What a media playlist says, held against its segments (RFC 8216bis §4.4.3 and §4.4.4).</summary>
internal static class MediaPlaylistChecks
{
    private const double WarningTolerance = 0.010;
    private const double ErrorTolerance = 0.050;
    private const double DriftTolerance = 0.100;

    public static void Check(ParsedMediaPlaylist playlist, MeasuredTrack track, bool isIFrameVariant, bool isIndependent, Findings findings)
    {
        if (!playlist.HasEndList)
            findings.Add(VerificationRule.HlsEndList, track.Declaration.Location, "There is no EXT-X-ENDLIST: a player will go on asking for more.");
        if (isIFrameVariant != playlist.IsIFramesOnly)
            findings.Add(
                VerificationRule.HlsIFrameTag, track.Declaration.Location,
                isIFrameVariant ? "The playlist of an I-frame variant has no EXT-X-I-FRAMES-ONLY." : "The playlist has EXT-X-I-FRAMES-ONLY, and no EXT-X-I-FRAME-STREAM-INF names it.");
        CheckTargetDuration(playlist, findings);
        CheckDurations(track, findings);
        CheckKeys(track, findings);
        if (isIndependent || playlist.HasIndependentSegments)
            CheckIndependent(track, findings);
    }

    private static void CheckTargetDuration(ParsedMediaPlaylist playlist, Findings findings)
    {
        if (playlist.TargetDuration is not { } target)
            return;
        foreach (var segment in playlist.Track.Segments)
        {
            if (Math.Round(segment.Duration, MidpointRounding.AwayFromZero) > target)
                findings.Add(
                    VerificationRule.HlsTargetDuration, playlist.Track.At(segment),
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"EXTINF is {segment.Duration:0.######} s, rounded above EXT-X-TARGETDURATION, which is {target} s."));
        }
    }

    private static void CheckDurations(MeasuredTrack track, Findings findings)
    {
        if (track.Declaration.Kind != DeclaredKind.Fragments)
            return;
        var drift = 0.0;
        var isDrifting = false;
        for (var index = 0; index < track.Segments.Length; index++)
        {
            if (track.Run(index) is not { } run)
                continue;
            var segment = track.Declaration.Segments[index];
            // How long its samples take to decode, or how far it is to what the next one shows first: with B-frames these may differ by a picture.
            var decode = segment.Duration - run.DecodeDuration;
            var shown = segment.Duration - (track.Run(index + 1) is { } next ? next.StartSeconds - run.StartSeconds : run.PresentationDuration);
            var difference = Math.Abs(decode) < Math.Abs(shown) ? decode : shown;
            drift += difference;
            if (Math.Abs(difference) > WarningTolerance)
                findings.Add(
                    VerificationRule.HlsExtinf, track.Declaration.At(segment),
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"EXTINF is {segment.Duration:0.######} s; the segment's samples last {run.DecodeDuration:0.######} s."),
                    Math.Abs(difference) > ErrorTolerance ? null : Severity.Warning);
            if (!isDrifting && Math.Abs(drift) > DriftTolerance)
            {
                isDrifting = true;
                findings.Add(
                    VerificationRule.HlsExtinfDrift, track.Declaration.At(segment),
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Up to here the EXTINFs are {drift:+0.###;-0.###} s away from what the segments last."));
            }
        }
    }

    private static void CheckKeys(MeasuredTrack track, Findings findings)
    {
        if (track.Declaration.Kind != DeclaredKind.Fragments || track.Leading is not { } leading)
            return;
        foreach (var segment in track.Declaration.Segments)
        {
            var expected = leading.Protection is not { IsProtected: true } protection ? null
                : protection.Scheme.ToString() is "cenc" or "cens" ? "SAMPLE-AES-CTR" : "SAMPLE-AES";
            var method = segment.Key?.Method;
            if (method == "AES-128" && expected is null || method == expected)
                continue;
            findings.Add(
                VerificationRule.HlsKey, track.Declaration.At(segment),
                expected is null ? $"EXT-X-KEY says METHOD={method}; the sample entry is in the clear."
                : method is null ? $"The sample entry is encrypted with {leading.Protection!.Scheme}; no EXT-X-KEY says so."
                : $"EXT-X-KEY says METHOD={method}; {leading.Protection!.Scheme} is {expected}.");
            return;
        }
    }

    private static void CheckIndependent(MeasuredTrack track, Findings findings)
    {
        for (var index = 0; index < track.Segments.Length; index++)
        {
            if (track.Run(index) is { } run && (!run.BeginsWithSync || run.BeginsWithKeyPicture == false))
                findings.Add(VerificationRule.HlsIndependent, track.Declaration.At(track.Declaration.Segments[index]), "EXT-X-INDEPENDENT-SEGMENTS is said; this segment cannot be decoded alone.");
        }
    }
}
