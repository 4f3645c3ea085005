using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification.Descriptions;

/// <summary>A Representation with everything that it inherits (ISO/IEC 23009-1 §5.3.5).</summary>
internal sealed class RepresentationDeclaration
{
    public required MpdElement Element { get; init; }

    public required MpdElement AdaptationSet { get; init; }

    public required TrackDeclaration Track { get; init; }

    /// <summary>In seconds, what a presentation time is later in the media than in the period.</summary>
    public double TimeOffset { get; set; }

    /// <summary>How segments were named: SegmentBase, SegmentTemplate, SegmentList, or null for a single file.</summary>
    public string? Naming { get; set; }

    /// <summary>Whether each segment's time was written down, rather than all of one length.</summary>
    public bool HasTimeline { get; set; }

    public ResourceRange? Initialization { get; set; }

    public ResourceRange? Index { get; set; }

    /// <summary>Of the representation, or of its adaptation set (§5.3.7).</summary>
    public string? this[string attribute] => Element[attribute] ?? AdaptationSet[attribute];

    /// <summary>The ids of the adaptation sets that it is the trick mode of (DASH-IF IOP 4.3 §3.2.9), as written; null where it is of none.</summary>
    public string? TrickModeOf =>
        AdaptationSet.Of("EssentialProperty").Concat(AdaptationSet.Of("SupplementalProperty"))
            .FirstOrDefault(property => property["schemeIdUri"] == "http://dashif.org/guidelines/trickmode") is { } property ? property["value"] ?? "" : null;

    public IEnumerable<MpdElement> Descriptors(string name) => Element.Of(name).Concat(AdaptationSet.Of(name));
}
