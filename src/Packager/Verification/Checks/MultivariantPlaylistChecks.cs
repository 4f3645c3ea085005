using System.Globalization;
using Movento.Packager.Presentations;
using Movento.Packager.Verification.Media;
using Movento.Packager.Verification.Playlists;

namespace Movento.Packager.Verification.Checks;

/// <summary>What a multivariant playlist says of its variants and renditions, held against what they are (RFC 8216bis §4.4.6).</summary>
internal sealed class MultivariantPlaylistChecks(
    ParsedMultivariantPlaylist multivariant, IReadOnlyDictionary<string, (ParsedMediaPlaylist Playlist, MeasuredTrack Track)> playlists, Findings findings)
{
    // How far a bandwidth may be off: Apple HLS authoring specification §9.13 to §9.15.
    private const double BandwidthTolerance = 1.10;
    private const double AlignmentTolerance = 0.010;

    private static readonly string[] GroupAttributes = ["AUDIO", "VIDEO", "SUBTITLES", "CLOSED-CAPTIONS"];

    /// <summary>Holds everything against everything.</summary>
    public void Check()
    {
        CheckGroups();
        var rates = new List<(PlaylistEntry Entry, long Declared, long Peak)>();
        foreach (var variant in multivariant.Variants)
        {
            CheckReferences(variant);
            if (TrackOf(variant) is { } track)
                CheckVariant(variant, track, SoundOf(variant), rates);
        }

        foreach (var variant in multivariant.IFrameVariants)
        {
            CheckReferences(variant);
            if (TrackOf(variant) is { } track)
            {
                CheckPictures(variant, track, checkFrameRate: false);
                CheckCodecs(variant, [track]);
                CheckBandwidth(variant, track.Peak(TargetOf(variant)), null);
                CheckIFrameDuration(variant, track);
            }
        }

        if (rates.Count > 1 && rates.Select(rate => rate.Declared).Distinct().Count() == 1
            && rates.Max(rate => rate.Peak) > rates.Min(rate => rate.Peak) * BandwidthTolerance)
            findings.Add(
                VerificationRule.HlsBandwidthSame, rates[0].Entry.Location,
                $"All {rates.Count} variants say BANDWIDTH={rates[0].Declared}; their peaks are from {rates.Min(rate => rate.Peak)} to {rates.Max(rate => rate.Peak)}.");
        foreach (var media in multivariant.Media)
            CheckRendition(media);
        CheckTimes();
    }

    private MeasuredTrack? TrackOf(PlaylistEntry entry) => entry.Playlist is { } address && playlists.TryGetValue(address, out var found) ? found.Track : null;

    private long TargetOf(PlaylistEntry entry) => entry.Playlist is { } address && playlists.TryGetValue(address, out var found) ? found.Playlist.TargetDuration ?? 10 : 10;

    private IReadOnlyList<(PlaylistEntry Entry, MeasuredTrack Track)> SoundOf(PlaylistEntry variant) => variant.Attributes.Text("AUDIO") is not { } group
        ? []
        : [.. multivariant.Media.Where(media => media.Attributes.Is("TYPE", "AUDIO") && media.Attributes.Is("GROUP-ID", group))
            .Select(media => (media, TrackOf(media)!)).Where(found => found.Item2 is not null)];

    // §4.4.6.1.1
    private void CheckGroups()
    {
        foreach (var group in multivariant.Media.GroupBy(media => (media.Attributes.Text("TYPE"), media.Attributes.Text("GROUP-ID"))))
        {
            foreach (var name in group.GroupBy(media => media.Attributes.Text("NAME")).Where(same => same.Key is not null && same.Skip(1).Any()))
                findings.Add(VerificationRule.HlsGroupName, name.Last().Location, $"Two renditions of the group '{group.Key.Item2}' have the name '{name.Key}'.");
            var defaults = group.Where(media => media.Attributes.Is("DEFAULT", "YES")).ToArray();
            if (defaults.Length > 1)
                findings.Add(VerificationRule.HlsGroupDefault, defaults[1].Location, $"The group '{group.Key.Item2}' has {defaults.Length} renditions with DEFAULT=YES.");
            var twins = group.Where(media => media.Attributes.Is("AUTOSELECT", "YES"))
                .GroupBy(media => (media.Attributes.Text("LANGUAGE"), media.Attributes.Text("ASSOC-LANGUAGE"), media.Attributes.Text("FORCED"),
                    media.Attributes.Text("CHARACTERISTICS"), media.Attributes.Text("CHANNELS"), media.Attributes.Text("INSTREAM-ID")));
            foreach (var twin in twins.Where(same => same.Skip(1).Any()))
                findings.Add(VerificationRule.HlsGroupLanguage, twin.Last().Location, $"Two renditions of the group '{group.Key.Item2}' with AUTOSELECT=YES differ in nothing by which a player could choose.");
        }
    }

    private void CheckReferences(PlaylistEntry variant)
    {
        foreach (var type in GroupAttributes)
        {
            if (variant.Attributes.TryGet(type, out var group) && !(type == "CLOSED-CAPTIONS" && !group.IsQuoted)
                && !multivariant.Media.Exists(media => media.Attributes.Is("TYPE", type) && media.Attributes.Is("GROUP-ID", group.Text)))
                findings.Add(VerificationRule.HlsGroup, variant.Location, $"{type} names the group '{group.Text}'; no EXT-X-MEDIA of that type is in it.");
        }
    }

    private void CheckVariant(
        PlaylistEntry variant, MeasuredTrack track, IReadOnlyList<(PlaylistEntry Entry, MeasuredTrack Track)> sound, List<(PlaylistEntry, long, long)> rates)
    {
        var target = TargetOf(variant);
        var peak = track.Peak(target);
        var average = track.Average();
        var peakOfSound = sound.Select(other => other.Track.Peak(TargetOf(other.Entry))).DefaultIfEmpty().Max();
        var averageOfSound = sound.Select(other => other.Track.Average()).DefaultIfEmpty().Max();
        // A variant that is sound itself is played, or another of its group in its place; never both.
        (peak, average) = track.IsAudio
            ? (Math.Max(peak, peakOfSound), Math.Max(average, averageOfSound))
            : (peak + peakOfSound, average + averageOfSound);
        CheckBandwidth(variant, peak, average);
        if (variant.Attributes.Integer("BANDWIDTH") is { } declared)
            rates.Add((variant, declared, peak));
        CheckPictures(variant, track, checkFrameRate: true);
        CheckCodecs(variant, [track, .. sound.Select(other => other.Track)]);
    }

    private void CheckBandwidth(PlaylistEntry variant, long peak, long? average)
    {
        if (variant.Attributes.Integer("BANDWIDTH") is { } declared && peak > 0)
        {
            if (peak > declared)
                findings.Add(
                    VerificationRule.HlsBandwidth, variant.Location, $"BANDWIDTH is {declared}; the measured peak is {peak} bit/s.",
                    peak > declared * BandwidthTolerance ? null : Severity.Warning);
            else if (declared > peak * 1.5)
                findings.Add(VerificationRule.HlsBandwidth, variant.Location, $"BANDWIDTH is {declared}; the measured peak is only {peak} bit/s.", Severity.Warning);
        }

        if (variant.Attributes.Integer("AVERAGE-BANDWIDTH") is { } declaredAverage && average is > 0 and { } measured
            && (measured > declaredAverage * BandwidthTolerance || declaredAverage > measured * BandwidthTolerance))
            findings.Add(VerificationRule.HlsAverageBandwidth, variant.Location, $"AVERAGE-BANDWIDTH is {declaredAverage}; the measured average is {measured} bit/s.");
    }

    private void CheckPictures(PlaylistEntry variant, MeasuredTrack track, bool checkFrameRate)
    {
        if (track.Leading is not { IsVideo: true } leading)
            return;
        if (leading.Entry?.Video is { } video)
        {
            var (width, height) = (video.Width, video.Height);
            var shown = (int)Math.Round(width * (double)video.SampleAspectRatio.Horizontal / video.SampleAspectRatio.Vertical);
            if (variant.Attributes.Text("RESOLUTION") is { } resolution && resolution != $"{width}x{height}" && resolution != $"{shown}x{height}")
                findings.Add(VerificationRule.HlsResolution, variant.Location, $"RESOLUTION is {resolution}; the pictures are {width}x{height}.");
            var range = video.Range switch { VideoRange.Pq => "PQ", VideoRange.Hlg => "HLG", _ => "SDR" };
            if ((variant.Attributes.Text("VIDEO-RANGE") ?? "SDR") is var declared && declared != range)
                findings.Add(VerificationRule.HlsVideoRange, variant.Location, $"VIDEO-RANGE is {declared}; the parameter sets say {range}.");
        }

        if (checkFrameRate && variant.Attributes.Number("FRAME-RATE") is { } rate && track.FrameRate() is { } measured
            && ((double)rate < measured.Average * 0.99 || (double)rate > Math.Max(measured.Highest, measured.Average) * 1.01))
            findings.Add(VerificationRule.HlsFrameRate, variant.Location, string.Create(CultureInfo.InvariantCulture, $"FRAME-RATE is {rate}; the pictures come at {measured.Average:0.###} a second."));
    }

    private void CheckCodecs(PlaylistEntry variant, IReadOnlyList<MeasuredTrack> tracks)
    {
        if (variant.Attributes.Text("CODECS") is not { } codecs)
        {
            findings.Add(VerificationRule.HlsAttributeMissing, variant.Location, $"{variant.Tag} should have CODECS: a player must fetch segments to know whether it can play them.", Severity.Warning);
            return;
        }

        if (tracks.Any(track => track.Initialization is null))
            return;
        foreach (var problem in CodecList.Problems(codecs, tracks))
            findings.Add(VerificationRule.HlsCodecs, variant.Location, $"CODECS {problem}");
    }

    private void CheckRendition(PlaylistEntry media)
    {
        if (TrackOf(media) is not { IsAudio: true } track || track.Leading!.Entry?.Audio is not { } audio || media.Attributes.Text("CHANNELS") is not { } channels)
            return;
        var first = channels.Split('/')[0];
        if (!channels.Contains("/JOC", StringComparison.Ordinal) && audio.Channels > 0 && first != audio.Channels.ToString(CultureInfo.InvariantCulture))
            findings.Add(VerificationRule.HlsChannels, media.Location, $"CHANNELS is {channels}; the sound has {audio.Channels}.");
    }

    // :: Times: rungs against one another, everything against the longest
    private void CheckTimes()
    {
        var rungs = multivariant.Variants.Select(variant => (Entry: variant, Track: TrackOf(variant)!))
            .Where(variant => variant.Track is { IsVideo: true, IsWhole: true }).DistinctBy(variant => variant.Track).ToArray();
        foreach (var rung in rungs.Skip(1))
            CheckAlignment(rungs[0].Track, rung.Track);
        if (rungs.Select(rung => TargetOf(rung.Entry)).Distinct().Skip(1).Any())
            findings.Add(VerificationRule.HlsTargetDurationSame, rungs[1].Entry.Location, "The variants' target durations differ.");

        var all = multivariant.Variants.Concat(multivariant.Media).Select(entry => (Entry: entry, Track: TrackOf(entry)!))
            .Where(found => found.Track is { Declaration.Segments.Count: > 0 }).DistinctBy(found => found.Track).ToArray();
        if (all.Length == 0)
            return;
        var longest = all.Max(found => found.Track.Start + found.Track.Duration);
        foreach (var (entry, track) in all)
        {
            // Sound and subtitles may end before the pictures do, and begin with them.
            var difference = longest - track.Start - track.Duration;
            if (difference > 0.5)
                findings.Add(
                    VerificationRule.HlsTotalDuration, entry.Location,
                    string.Create(CultureInfo.InvariantCulture, $"'{entry.Playlist}' ends at {track.Start + track.Duration:0.###} s; the longest at {longest:0.###} s."),
                    difference > TargetOf(entry) ? null : Severity.Warning);
        }
    }

    private void CheckAlignment(MeasuredTrack first, MeasuredTrack other)
    {
        for (var index = 0; index < Math.Max(first.Segments.Length, other.Segments.Length); index++)
        {
            var (expected, found) = (first.Run(index), other.Run(index));
            if (expected is not null && found is not null && Math.Abs(expected.StartSeconds - found.StartSeconds) <= AlignmentTolerance)
                continue;
            var declaration = other.Declaration;
            findings.Add(
                VerificationRule.HlsAlignment, index < declaration.Segments.Count ? declaration.At(declaration.Segments[index]) : declaration.Location,
                found is null || expected is null
                    ? $"There are {other.Segments.Length} segments; '{first.Declaration.Name}' has {first.Segments.Length}."
                    : string.Create(CultureInfo.InvariantCulture, $"Segment {index + 1} begins at {found.StartSeconds:0.######} s; that of '{first.Declaration.Name}' at {expected.StartSeconds:0.######} s."));
            return;
        }
    }

    private void CheckIFrameDuration(PlaylistEntry variant, MeasuredTrack track)
    {
        var pictures = multivariant.Variants.Select(TrackOf).FirstOrDefault(other => other is { IsVideo: true, IsWhole: true });
        var sum = track.Declaration.Segments.Sum(segment => segment.Duration);
        if (pictures is not null && Math.Abs(pictures.Duration - sum) > Math.Max(1, TargetOf(variant)))
            findings.Add(
                VerificationRule.HlsIFrameDuration, track.Declaration.Location,
                string.Create(CultureInfo.InvariantCulture, $"The I-frames' EXTINFs last {sum:0.###} s; the pictures {pictures.Duration:0.###} s."));
    }
}
