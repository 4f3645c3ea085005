using System.Globalization;
using Movento.Packager.Verification.Descriptions;

namespace Movento.Packager.Verification.Growth;

/// <summary>An MPD at one moment.</summary>
internal sealed class DescriptionReading(string address, MpdElement mpd, byte[] bytes)
{
    // Of one representation: ten hours in segments of a tenth of a second.
    private const int MaxSegments = 360_000;

    public string Address => address;

    /// <summary>Whether more may come (ISO/IEC 23009-1 §5.3.1.2).</summary>
    public bool IsDynamic => mpd["type"] == "dynamic";

    private byte[] Bytes => bytes;

    private MpdElement Mpd => mpd;

    /// <summary>Holds what came after it against it.</summary>
    public void CompareTo(DescriptionReading next, Findings findings)
    {
        if (!IsDynamic && next.IsDynamic)
            findings.Add(VerificationRule.DashGrowthEnd, next.At(next.Mpd), "The MPD was static, and is dynamic again.");
        if (IsDynamic && next.IsDynamic)
            CompareClocks(next, findings);
        CompareRepresentations(next, findings);
    }

    private void CompareClocks(DescriptionReading next, Findings findings)
    {
        if (mpd["availabilityStartTime"] != next.Mpd["availabilityStartTime"])
        {
            findings.Add(
                VerificationRule.DashGrowthClock, next.At(next.Mpd),
                $"@availabilityStartTime was {mpd["availabilityStartTime"] ?? "not there"}, and is {next.Mpd["availabilityStartTime"] ?? "not there"}.");
        }

        var (before, after) = (Moment(mpd["publishTime"]), Moment(next.Mpd["publishTime"]));
        if (before is null || after is null)
            findings.Add(VerificationRule.DashGrowthClock, next.At(next.Mpd), "A dynamic MPD has no @publishTime that is a date and a time.");
        else if (after < before || after == before && !bytes.AsSpan().SequenceEqual(next.Bytes))
            findings.Add(VerificationRule.DashGrowthClock, next.At(next.Mpd), $"The MPD is another, and @publishTime, {next.Mpd["publishTime"]}, is not later than {mpd["publishTime"]}.");
    }

    private void CompareRepresentations(DescriptionReading next, Findings findings)
    {
        var later = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var place in Places(next.Mpd))
            later.TryAdd(place.Id, place);
        var isWindow = mpd["timeShiftBufferDepth"] is not null;
        foreach (var place in Places(mpd))
        {
            if (!later.TryGetValue(place.Id, out var now))
            {
                if (!isWindow)
                    findings.Add(VerificationRule.DashGrowthSegments, next.At(next.Mpd), $"Representation {place.Id} was there, and is not any more.");
                continue;
            }

            if (now.Period != place.Period || now.Set != place.Set)
                findings.Add(VerificationRule.DashGrowthSegments, next.At(now.Element), $"Representation {place.Id} was in adaptation set {place.Set} of period {place.Period}, and is in {now.Set} of {now.Period}.");
            CompareSegments(place, now, isWindow, next, findings);
        }
    }

    private static void CompareSegments(Place before, Place now, bool isWindow, DescriptionReading next, Findings findings)
    {
        if (before.Template is not { } template || now.Template is not { } other)
            return;
        foreach (var attribute in (string[])["media", "initialization", "timescale", "startNumber", "presentationTimeOffset"])
        {
            // A window's first segment has another number.
            if (template[attribute] == other[attribute] || isWindow && attribute == "startNumber")
                continue;
            findings.Add(VerificationRule.DashGrowthSegments, next.At(other), $"@{attribute} of representation {before.Id} was {template[attribute] ?? "not there"}, and is {other[attribute] ?? "not there"}.");
            return;
        }

        var (old, fresh) = (Timeline(template), Timeline(other));
        if (old.Count == 0)
            return;
        var first = isWindow && fresh.Count > 0 ? old.FindIndex(segment => segment.Start >= fresh[0].Start) : 0;
        for (var index = Math.Max(0, first); first >= 0 && index < old.Count; index++)
        {
            var at = index - first;
            if (at < fresh.Count && fresh[at] == old[index])
                continue;
            findings.Add(
                VerificationRule.DashGrowthSegments, next.At(other),
                at < fresh.Count
                    ? $"Segment {index + 1} of representation {before.Id} was {old[index].Duration} ticks from {old[index].Start} on, and is {fresh[at].Duration} from {fresh[at].Start} on."
                    : $"Representation {before.Id} had {old.Count} segments, and has {fresh.Count}.");
            return;
        }
    }

    private static List<(long Start, long Duration)> Timeline(MpdElement template)
    {
        var segments = new List<(long, long)>();
        var time = 0L;
        foreach (var entry in template.First("SegmentTimeline")?.Of("S") ?? [])
        {
            time = MpdValues.Integer(entry["t"]) ?? time;
            if (MpdValues.Integer(entry["d"]) is not { } duration)
                return segments;
            for (var repeat = MpdValues.Integer(entry["r"]) ?? 0; repeat >= 0 && segments.Count < MaxSegments; repeat--, time += duration)
                segments.Add((time, duration));
        }

        return segments;
    }

    private static IEnumerable<Place> Places(MpdElement mpd) =>
        from period in mpd.Of("Period")
        from set in period.Of("AdaptationSet")
        from representation in set.Of("Representation")
        select new Place(
            representation["id"] ?? "", period["id"] ?? "", set["id"] ?? "", representation,
            representation.First("SegmentTemplate") ?? set.First("SegmentTemplate") ?? period.First("SegmentTemplate"));

    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    private FindingLocation At(MpdElement element) => new(address, element.Line);

    private sealed record Place(string Id, string Period, string Set, MpdElement Element, MpdElement? Template);
}
