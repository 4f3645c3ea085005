using Movento.Packager.Verification.Descriptions;
using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification.Checks;

/// <summary>What an MPD says of representations together: alignment, profiles, the whole duration (ISO/IEC 23009-1 §5.3.1, §5.3.3, §8).</summary>
internal sealed class AdaptationSetChecks(
    MpdElement mpd, string address, IReadOnlyList<(RepresentationDeclaration Representation, MeasuredTrack Track)> tracks, Findings findings)
{
    private const double AlignmentTolerance = 0.010;

    public void Check()
    {
        foreach (var set in tracks.GroupBy(pair => pair.Representation.AdaptationSet))
        {
            if (MpdValues.IsTrue(set.Key["segmentAlignment"]) || MpdValues.IsTrue(set.Key["subsegmentAlignment"]))
                CheckAlignment(set.Key, [.. set.Select(pair => pair.Track).Where(track => track.IsWhole)]);
        }

        CheckTrickModes();
        CheckProfiles((mpd["profiles"] ?? "").Split(',', StringSplitOptions.TrimEntries));
        CheckDuration();
    }

    private void CheckAlignment(MpdElement set, MeasuredTrack[] members)
    {
        foreach (var other in members.Skip(1))
        {
            for (var index = 0; index < Math.Max(members[0].Segments.Length, other.Segments.Length); index++)
            {
                var (expected, found) = (members[0].Run(index), other.Run(index));
                if (expected is not null && found is not null && Math.Abs(expected.StartSeconds - found.StartSeconds) <= AlignmentTolerance)
                    continue;
                findings.Add(
                    VerificationRule.DashAlignment, new FindingLocation(address, set.Line),
                    expected is null || found is null
                        ? $"Segments are said to be aligned; '{other.Declaration.Name}' has {other.Segments.Length}, '{members[0].Declaration.Name}' {members[0].Segments.Length}."
                        : FormattableString.Invariant($"Segments are said to be aligned; segment {index + 1} of '{other.Declaration.Name}' begins at {found.StartSeconds:0.######} s, of '{members[0].Declaration.Name}' at {expected.StartSeconds:0.######} s."));
                break;
            }
        }
    }

    private void CheckTrickModes()
    {
        foreach (var period in mpd.Of("Period"))
        {
            var ids = period.Of("AdaptationSet").Select(set => set["id"]).OfType<string>().ToHashSet(StringComparer.Ordinal);
            var sets = period.Of("AdaptationSet").ToHashSet();
            foreach (var (representation, track) in tracks.Where(pair => sets.Contains(pair.Representation.AdaptationSet)).DistinctBy(pair => pair.Representation.AdaptationSet))
            {
                if (representation.TrickModeOf is { } named && named.Split(' ') is var names && (Array.Exists(names, name => !ids.Contains(name)) || Array.Exists(names, name => name == representation.AdaptationSet["id"])))
                    findings.Add(VerificationRule.DashTrickMode, track.Declaration.Location, $"The trick mode is of '{named}': no other AdaptationSet of the Period has such an id.");
            }
        }
    }

    private void CheckProfiles(string[] profiles)
    {
        // §8.3.3: one segment with an index; §8.4.3: templates. Texts and pictures beside the media are files of their own in both.
        var (isOnDemand, isLive) = (profiles.Contains("urn:mpeg:dash:profile:isoff-on-demand:2011"), profiles.Contains("urn:mpeg:dash:profile:isoff-live:2011"));
        foreach (var (representation, _) in tracks)
        {
            if (representation.Track.Kind != DeclaredKind.Fragments)
                continue;
            if (isOnDemand && !isLive && representation.Naming != "SegmentBase")
                findings.Add(VerificationRule.DashProfile, representation.Track.Location, $"The profile isoff-on-demand wants one file with an index; the segments come from {representation.Naming ?? "nowhere"}.");
            if (isLive && !isOnDemand && representation.Naming != "SegmentTemplate")
                findings.Add(VerificationRule.DashProfile, representation.Track.Location, $"The profile isoff-live wants SegmentTemplate; the segments come from {representation.Naming ?? "nowhere"}.");
        }
    }

    private void CheckDuration()
    {
        if (MpdValues.Duration(mpd["mediaPresentationDuration"]) is not { } declared || mpd.Of("Period").Skip(1).Any())
            return;
        var media = tracks.Where(pair => pair.Track.IsWhole).ToArray();
        if (media.Length == 0)
            return;
        var longest = media.Max(pair => pair.Track.Start + pair.Track.Duration - pair.Representation.TimeOffset);
        var segment = media.Max(pair => pair.Track.Duration / pair.Track.Segments.Length);
        if (Math.Abs(declared - longest) > 0.5)
            findings.Add(
                VerificationRule.DashDuration, new FindingLocation(address, mpd.Line),
                FormattableString.Invariant($"mediaPresentationDuration is {declared:0.###} s; the media last {longest:0.###} s."),
                Math.Abs(declared - longest) > Math.Min(segment, 2) ? null : Severity.Warning);
    }
}
