using System.Collections.Frozen;

namespace Movento.Packager.Verification.Descriptions;

/// <summary>The rules of DASH-MPD.xsd that matter to players: which children in which order, which attributes of which types.</summary>
internal sealed class MpdStructure(string address, Findings findings)
{
    private static readonly string[] RepresentationBase =
    [
        "FramePacking", "AudioChannelConfiguration", "ContentProtection", "OutputProtection", "EssentialProperty", "SupplementalProperty", "InbandEventStream",
        "Switching", "RandomAccess", "GroupLabel", "Label", "ProducerReferenceTime", "ContentPopularityRate", "Resync",
    ];

    private static readonly FrozenDictionary<string, string[]> Children = new Dictionary<string, string[]>
    {
        ["MPD"] =
        [
            "ProgramInformation", "BaseURL", "Location", "PatchLocation", "ServiceDescription", "InitializationSet", "InitializationGroup",
            "InitializationPresentation", "ContentProtection", "Period", "Metrics", "EssentialProperty", "SupplementalProperty", "UTCTiming",
            "LeapSecondInformation",
        ],
        ["Period"] =
        [
            "BaseURL", "SegmentBase", "SegmentList", "SegmentTemplate", "AssetIdentifier", "EventStream", "ServiceDescription", "ContentProtection",
            "AdaptationSet", "Subset", "SupplementalProperty", "EmptyAdaptationSet", "GroupLabel", "Preselection",
        ],
        ["AdaptationSet"] =
        [
            .. RepresentationBase, "Accessibility", "Role", "Rating", "Viewpoint", "ContentComponent", "BaseURL", "SegmentBase", "SegmentList",
            "SegmentTemplate", "Representation",
        ],
        ["Representation"] = [.. RepresentationBase, "BaseURL", "ExtendedBandwidth", "SubRepresentation", "SegmentBase", "SegmentList", "SegmentTemplate"],
        ["SegmentBase"] = ["Initialization", "RepresentationIndex", "FailoverContent"],
        ["SegmentTemplate"] = ["Initialization", "RepresentationIndex", "FailoverContent", "SegmentTimeline", "BitstreamSwitching"],
        ["SegmentList"] = ["Initialization", "RepresentationIndex", "FailoverContent", "SegmentTimeline", "BitstreamSwitching", "SegmentURL"],
        ["SegmentTimeline"] = ["Pattern", "S"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Those of which there is one at most, wherever they stand.
    private static readonly FrozenSet<string> Single = new[] { "SegmentBase", "SegmentList", "SegmentTemplate", "SegmentTimeline", "Initialization", "RepresentationIndex" }
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string[]> Required = new Dictionary<string, string[]>
    {
        ["MPD"] = ["profiles", "minBufferTime"],
        ["Representation"] = ["id", "bandwidth"],
        ["S"] = ["d"],
        ["ContentProtection"] = ["schemeIdUri"],
        ["Role"] = ["schemeIdUri"],
        ["Accessibility"] = ["schemeIdUri"],
        ["AudioChannelConfiguration"] = ["schemeIdUri"],
        ["EssentialProperty"] = ["schemeIdUri"],
        ["SupplementalProperty"] = ["schemeIdUri"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (string Type, Func<string, bool> IsGood)> Types = new Dictionary<string, (string, Func<string, bool>)>
    {
        ["minBufferTime"] = ("a duration", IsDuration),
        ["mediaPresentationDuration"] = ("a duration", IsDuration),
        ["start"] = ("a duration", IsDuration),
        ["bandwidth"] = ("a whole number", IsInteger),
        ["width"] = ("a whole number", IsInteger),
        ["height"] = ("a whole number", IsInteger),
        ["timescale"] = ("a whole number from 1", text => MpdValues.Integer(text) > 0),
        ["startNumber"] = ("a whole number", IsInteger),
        ["indexRange"] = ("a byte range", IsRange),
        ["range"] = ("a byte range", IsRange),
        ["mediaRange"] = ("a byte range", IsRange),
        ["frameRate"] = ("a frame rate", text => MpdValues.FrameRate(text) is not null),
        ["sar"] = ("a ratio", IsRatio),
        ["par"] = ("a ratio", IsRatio),
        ["startWithSAP"] = ("0 to 6", text => MpdValues.Integer(text) is <= 6),
        ["subsegmentStartsWithSAP"] = ("0 to 6", text => MpdValues.Integer(text) is <= 6),
        ["r"] = ("a whole number", text => MpdValues.Integer(text) is not null || text == "-1"),
        ["t"] = ("a whole number", IsInteger),
        ["d"] = ("a whole number", IsInteger),
        ["contentType"] = ("text, image, audio, video, application or font", text => text is "text" or "image" or "audio" or "video" or "application" or "font"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Checks a whole MPD.</summary>
    /// <returns>Whether it is an MPD at all.</returns>
    public bool Check(MpdElement mpd)
    {
        if (mpd.Name != "MPD" || !mpd.IsOfSchema)
        {
            findings.Add(VerificationRule.DashStructure, At(mpd), $"The document's element is {mpd.Name}; MPD of {MpdElement.Schema} is wanted.");
            return false;
        }

        if (mpd["type"] is not (null or "static" or "dynamic"))
            findings.Add(VerificationRule.DashAttribute, At(mpd), $"@type is '{mpd["type"]}'; static or dynamic is wanted.");
        if (mpd["type"] != "dynamic" && mpd["mediaPresentationDuration"] is null && mpd.Of("Period").LastOrDefault()?["duration"] is null)
            findings.Add(VerificationRule.DashAttribute, At(mpd), "A static MPD has no mediaPresentationDuration.");
        if (mpd.First("Period") is null)
            findings.Add(VerificationRule.DashStructure, At(mpd), "The MPD has no Period.");
        CheckElement(mpd);
        CheckIds(mpd.Of("Period"), "Period");
        foreach (var period in mpd.Of("Period"))
        {
            CheckIds(period.Of("AdaptationSet"), "AdaptationSet");
            CheckIds(period.Of("AdaptationSet").SelectMany(set => set.Of("Representation")), "Representation");
            foreach (var set in period.Of("AdaptationSet").Where(set => set.First("Representation") is null))
                findings.Add(VerificationRule.DashStructure, At(set), "The AdaptationSet has no Representation.");
        }

        return true;
    }

    private void CheckElement(MpdElement element)
    {
        foreach (var name in Required.GetValueOrDefault(element.Name) ?? [])
        {
            if (element[name] is null)
                findings.Add(VerificationRule.DashAttribute, At(element), $"{element.Name} has no @{name}.");
        }

        foreach (var (name, value) in element.Attributes)
        {
            if (Types.TryGetValue(name, out var type) && !type.IsGood(value))
                findings.Add(VerificationRule.DashAttribute, At(element), $"@{name} of {element.Name} is '{value}'; {type.Type} is wanted.");
        }

        var order = Children.GetValueOrDefault(element.Name);
        var (last, seen) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var child in element.Children)
        {
            if (!child.IsOfSchema)
                continue;
            if (order is not null)
            {
                var place = Array.IndexOf(order, child.Name);
                if (place < 0)
                    findings.Add(VerificationRule.DashStructure, At(child), $"{child.Name} may not stand in {element.Name}.");
                else if (place < last)
                    findings.Add(VerificationRule.DashStructure, At(child), $"{child.Name} stands behind {order[last]} in {element.Name}; the schema has it before.");
                last = Math.Max(last, place);
                if (!seen.Add(child.Name) && Single.Contains(child.Name))
                    findings.Add(VerificationRule.DashStructure, At(child), $"{element.Name} has more than one {child.Name}.");
            }

            CheckElement(child);
        }
    }

    private void CheckIds(IEnumerable<MpdElement> elements, string what)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in elements)
        {
            if (element["id"] is { } id && !seen.Add(id))
                findings.Add(VerificationRule.DashUniqueId, At(element), $"Two of {what} have the id '{id}'.");
        }
    }

    private FindingLocation At(MpdElement element) => new(address, element.Line);

    private static bool IsDuration(string text) => MpdValues.Duration(text) is not null;

    private static bool IsInteger(string text) => MpdValues.Integer(text) is not null;

    private static bool IsRange(string text) => MpdValues.Range(text) is not null;

    private static bool IsRatio(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && IsInteger(text[..colon]) && IsInteger(text[(colon + 1)..]);
}
