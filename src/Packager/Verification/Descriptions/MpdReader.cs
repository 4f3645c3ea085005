using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification.Descriptions;

/// <summary>From an MPD to what its representations are made of.</summary>
internal sealed class MpdReader(string address, Uri root, SegmentBudget budget, Findings findings)
{
    private const int MaxRepresentations = 512;

    /// <summary>Every representation of every period; those of SegmentBase without their segments, which stand in their sidx.</summary>
    public List<RepresentationDeclaration> Read(MpdElement mpd)
    {
        var representations = new List<RepresentationDeclaration>();
        var periods = mpd.Of("Period").ToArray();
        var presentationDuration = MpdValues.Duration(mpd["mediaPresentationDuration"]);
        var end = 0.0;
        for (var index = 0; index < periods.Length; index++)
        {
            var period = periods[index];
            var start = MpdValues.Duration(period["start"]) ?? end;
            var duration = MpdValues.Duration(period["duration"])
                ?? (index + 1 < periods.Length ? MpdValues.Duration(periods[index + 1]["start"]) : presentationDuration) - start;
            end = start + (duration ?? 0);
            foreach (var set in period.Of("AdaptationSet"))
            {
                foreach (var representation in set.Of("Representation"))
                {
                    if (representations.Count == MaxRepresentations)
                    {
                        findings.Add(VerificationRule.SourceLimit, At(representation), $"There are more than {MaxRepresentations} representations.");
                        return representations;
                    }

                    representations.Add(Read(mpd, period, set, representation, duration));
                }
            }
        }

        return representations;
    }

    private RepresentationDeclaration Read(MpdElement mpd, MpdElement period, MpdElement set, MpdElement element, double? periodDuration)
    {
        var representation = new RepresentationDeclaration
        {
            Element = element, AdaptationSet = set,
            Track = new TrackDeclaration { Manifest = address, Name = element["id"] ?? "", Line = element.Line },
        };
        MpdElement[] levels = [element, set, period];
        representation.Track.Kind = (representation["mimeType"] ?? "") switch
        {
            "video/mp4" or "audio/mp4" or "application/mp4" => DeclaredKind.Fragments,
            "text/vtt" => DeclaredKind.WebVtt,
            var mime when mime.StartsWith("image/", StringComparison.Ordinal) => DeclaredKind.Tiles,
            _ => DeclaredKind.Other,
        };
        if (representation["mimeType"] is null)
            findings.Add(VerificationRule.DashAttribute, At(element), "Neither the Representation nor its AdaptationSet has @mimeType.");

        // §5.6.4: each BaseURL is relative to the one around it; of several the first is taken.
        var @base = address;
        foreach (var level in (MpdElement[])[mpd, period, set, element])
        {
            if (level.First("BaseURL") is not { } reference)
                continue;
            if (Resolve(@base, reference.Text, reference) is not { } resolved)
                return representation;
            @base = resolved;
        }

        foreach (var naming in (string[])["SegmentTemplate", "SegmentList", "SegmentBase"])
        {
            var inherited = levels.Select(level => level.First(naming)).OfType<MpdElement>().ToArray();
            if (inherited.Length == 0)
                continue;
            representation.Naming = naming;
            // A file with an index has whole fragments; a segment of its own may be an I-frame playlist's.
            if (naming != "SegmentBase" && representation.TrickModeOf is not null)
                representation.Track.Kind = DeclaredKind.IFrames;
            var timescale = MpdValues.Integer(Attribute(inherited, "timescale")) is > 0 and { } ticks ? ticks : 1;
            representation.TimeOffset = (MpdValues.Integer(Attribute(inherited, "presentationTimeOffset")) ?? 0) / (double)timescale;
            ReadInitialization(representation, inherited, @base, element);
            switch (naming)
            {
                case "SegmentTemplate":
                    ReadTemplate(representation, inherited, @base, timescale, periodDuration);
                    break;
                case "SegmentList":
                    ReadList(representation, inherited, @base, timescale);
                    break;
                default:
                    if (MpdValues.Range(Attribute(inherited, "indexRange")) is { } index)
                        representation.Index = new ResourceRange(@base, index.First, index.Last - index.First + 1);
                    representation.Initialization ??= representation.Index is { } sidx ? new ResourceRange(@base, 0, sidx.Offset) : null;
                    break;
            }

            return representation;
        }

        if (@base != address)
            representation.Track.Segments.Add(new SegmentDeclaration(new ResourceRange(@base, 0, null), 0, periodDuration ?? 0, element.Line));
        else
            findings.Add(VerificationRule.DashStructure, At(element), "The Representation names neither segments nor a file.");
        return representation;
    }

    private void ReadInitialization(RepresentationDeclaration representation, MpdElement[] levels, string @base, MpdElement element)
    {
        if (Attribute(levels, "initialization") is { } template)
        {
            if (SegmentTemplateAddress.Of(template, representation.Track.Name, MpdValues.Integer(element["bandwidth"]), 0, 0) is not { } reference)
                findings.Add(VerificationRule.DashAttribute, At(levels[0]), $"@initialization is '{template}', which is no template.");
            else if (Resolve(@base, reference, levels[0]) is { } target)
                representation.Initialization = new ResourceRange(target, 0, null);
            return;
        }

        if (levels.Select(level => level.First("Initialization")).OfType<MpdElement>().FirstOrDefault() is not { } initialization)
            return;
        var file = initialization["sourceURL"] is { } source ? Resolve(@base, source, initialization) : @base;
        if (file is not null)
            representation.Initialization = MpdValues.Range(initialization["range"]) is { } range
                ? new ResourceRange(file, range.First, range.Last - range.First + 1)
                : new ResourceRange(file, 0, null);
    }

    private void ReadTemplate(RepresentationDeclaration representation, MpdElement[] levels, string @base, long timescale, double? periodDuration)
    {
        if (Attribute(levels, "media") is not { } media)
        {
            findings.Add(VerificationRule.DashAttribute, At(levels[0]), "SegmentTemplate has no @media.");
            return;
        }

        var number = MpdValues.Integer(Attribute(levels, "startNumber")) ?? 1;
        var bandwidth = MpdValues.Integer(representation.Element["bandwidth"]);
        foreach (var (time, duration, line) in Times(representation, levels, timescale, periodDuration))
        {
            if (SegmentTemplateAddress.Of(media, representation.Track.Name, bandwidth, number++, time) is not { } reference)
            {
                findings.Add(VerificationRule.DashAttribute, At(levels[0]), $"@media is '{media}', which is no template.");
                return;
            }

            if (Resolve(@base, reference, levels[0]) is not { } target || !TryTake(ref target, representation))
                return;
            representation.Track.Segments.Add(
                new SegmentDeclaration(new ResourceRange(target, 0, null), (double)time / timescale, (double)duration / timescale, line) { Map = representation.Initialization });
        }
    }

    private void ReadList(RepresentationDeclaration representation, MpdElement[] levels, string @base, long timescale)
    {
        var addresses = levels.Select(level => level.Of("SegmentURL").ToArray()).FirstOrDefault(list => list.Length > 0) ?? [];
        using var times = Times(representation, levels, timescale, null, addresses.Length).GetEnumerator();
        foreach (var segment in addresses)
        {
            var target = segment["media"] is { } media ? Resolve(@base, media, segment) : @base;
            if (target is null || !times.MoveNext() || !TryTake(ref target, representation))
                return;
            var range = MpdValues.Range(segment["mediaRange"]);
            representation.Track.Segments.Add(new SegmentDeclaration(
                new ResourceRange(target, range?.First ?? 0, range is { } bytes ? bytes.Last - bytes.First + 1 : null),
                (double)times.Current.Time / timescale, (double)times.Current.Duration / timescale, segment.Line) { Map = representation.Initialization });
        }
    }

    private bool TryTake(ref string target, RepresentationDeclaration representation)
    {
        var segments = representation.Track.Segments;
        if (segments.Count < SegmentBudget.MaxSegmentsOfTrack && budget.TryTake(ref target, segments.LastOrDefault()?.Bytes.Address))
            return true;
        findings.Add(VerificationRule.SourceLimit, At(representation.Element), "There are too many segments, or their addresses are too long.");
        return false;
    }

    // §5.3.9.6: SegmentTimeline, or all of one length
    private IEnumerable<(long Time, long Duration, int Line)> Times(
        RepresentationDeclaration representation, MpdElement[] levels, long timescale, double? periodDuration, int? count = null)
    {
        const long MaxTime = 1L << 60;
        var offset = MpdValues.Integer(Attribute(levels, "presentationTimeOffset")) ?? 0;
        var total = 0;
        if (levels.Select(level => level.First("SegmentTimeline")).OfType<MpdElement>().FirstOrDefault() is { } timeline)
        {
            representation.HasTimeline = true;
            var time = 0L;
            var entries = timeline.Of("S").ToArray();
            for (var index = 0; index < entries.Length; index++)
            {
                var entry = entries[index];
                var start = MpdValues.Integer(entry["t"]);
                if (start is { } named && index > 0 && Math.Abs(named - time) > timescale / 20)
                    findings.Add(VerificationRule.DashTimeline, At(entry), $"S@t is {named}; the segments before end at {time}.");
                time = start ?? time;
                var duration = MpdValues.Integer(entry["d"]) ?? 0;
                var repeat = entry["r"] == "-1"
                    ? duration > 0 && ((index + 1 < entries.Length ? MpdValues.Integer(entries[index + 1]["t"]) : null) ?? (periodDuration * timescale + offset)) is { } end
                        ? (long)Math.Clamp(Math.Ceiling((end - time) / (double)duration) - 1, 0, SegmentBudget.MaxSegmentsOfTrack) : 0
                    : MpdValues.Integer(entry["r"]) ?? 0;
                for (; repeat >= 0; repeat--)
                {
                    if (++total > SegmentBudget.MaxSegmentsOfTrack || time > MaxTime || duration > MaxTime)
                    {
                        findings.Add(VerificationRule.SourceLimit, At(entry), $"The timeline has more than {SegmentBudget.MaxSegmentsOfTrack} segments, or times that are too large.");
                        yield break;
                    }

                    yield return (time, duration, entry.Line);
                    time += duration;
                }
            }
        }
        else if (MpdValues.Integer(Attribute(levels, "duration")) is > 0 and <= MaxTime and { } each && (count is not null || periodDuration is not null))
        {
            var segments = count ?? (long)Math.Ceiling(Math.Round(periodDuration!.Value * timescale / each, 3));
            if (segments > SegmentBudget.MaxSegmentsOfTrack)
            {
                findings.Add(VerificationRule.SourceLimit, At(levels[0]), $"There are more than {SegmentBudget.MaxSegmentsOfTrack} segments.");
                yield break;
            }

            for (var index = 0L; index < segments; index++)
                yield return (offset + Math.Min(index * each, MaxTime), each, levels[0].Line);
        }
        else
        {
            findings.Add(VerificationRule.DashAttribute, At(levels[0]), $"{levels[0].Name} has neither a SegmentTimeline nor @duration.");
        }
    }

    private static string? Attribute(MpdElement[] levels, string name) => levels.Select(level => level[name]).FirstOrDefault(value => value is not null);

    private string? Resolve(string @base, string reference, MpdElement element)
    {
        if (SourceAddress.Resolve(root, @base, reference) is { } target)
            return target;
        findings.Add(VerificationRule.SourceOutside, At(element), $"'{reference}' is not below the presentation's root, and is not read.");
        return null;
    }

    private FindingLocation At(MpdElement element) => new(address, element.Line);
}
