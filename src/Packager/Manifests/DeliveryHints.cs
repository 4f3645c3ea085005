namespace Movento.Packager.Manifests;

/// <summary>What a manifest tells players of one delivery, beyond what the presentation is.</summary>
public sealed record DeliveryHints
{
    /// <summary>
    /// Lines of the rungs that players should begin with, or 0. In HLS their variants come first (RFC 8216bis §4.4.6.2: clients begin with the first);
    /// in DASH their Representations have a higher selectionPriority (ISO/IEC 23009-1 §5.3.7.2).
    /// </summary>
    public int StartHeight { get; init; }

    /// <summary>
    /// Whether the bytes that an I-frame playlist names also have URLs of their own there, <c>segments/{rendition}/iframes/{k}.m4s</c>: then the MPD over segments has adaptation
    /// sets for trick play (DASH-IF IOP 4.3 §3.2.9).
    /// </summary>
    public bool HasIFrameSegments { get; init; }

    /// <summary>Where else the same bytes are to be had, and who says which place to take; or null.</summary>
    public ContentSteering? Steering { get; init; }
}
