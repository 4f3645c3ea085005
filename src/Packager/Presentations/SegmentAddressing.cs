namespace Movento.Packager.Presentations;

/// <summary>How a manifest names the bytes of a segment (docs/formats/urls.md). They are the same bytes.</summary>
public enum SegmentAddressing
{
    /// <summary>As a range of the rendition's one file.</summary>
    ByteRanges,

    /// <summary>With a URL each; the manifests then lie in <c>segments/</c>.</summary>
    Segments,
}
