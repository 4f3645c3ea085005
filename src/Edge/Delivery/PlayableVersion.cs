using System.Buffers;
using System.Collections.Frozen;
using Movento.Edge.Admission;
using Movento.Edge.Delivery.Selection;
using Movento.Edge.Observation;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>A version of an asset as the edge serves it in one addressing, whole or still growing.</summary>
internal abstract class PlayableVersion
{
    /// <summary>Bytes that this keeps in memory, about.</summary>
    public abstract long Bytes { get; }

    /// <summary>Where its presentation came from.</summary>
    public CacheTier Source { get; init; } = CacheTier.Origin;

    /// <summary>The keys that may be given out.</summary>
    public abstract FrozenSet<UInt128> KeyIds { get; }

    /// <summary>Whether it is still made: then it is looked at again soon.</summary>
    public abstract bool IsGrowing { get; }

    /// <summary>What <paramref name="url"/> names in this version to who was let in; null for what the presentation does not list.</summary>
    public Representation? Find(in EdgeUrl url, in Admitted admitted) =>
        admitted.MaxHeight > 0 && !admitted.Allows(HeightOf(url.Rendition)) ? RefusedRepresentation.TooHigh : Find(url);

    /// <summary>Lines of a rendition's pictures; 0 where it has none, or is none.</summary>
    protected abstract int HeightOf(ReadOnlySpan<char> rendition);

    /// <summary>What its manifests list, in the order that a <see cref="ManifestSelection"/> counts in.</summary>
    public abstract ReadOnlySpan<Rendition> Renditions { get; }

    /// <summary>A file of media by its name within the version; null where the presentation lists none of that name, and while it grows.</summary>
    public abstract MediaFile? FileOf(string name);

    /// <summary>The multivariant playlist or the MPD of a part of it; null where it has none.</summary>
    public abstract Representation? Render(EdgeFile manifest, ManifestSelection selection);

    /// <summary>What <paramref name="url"/> names in this version; null for what the presentation does not list.</summary>
    protected abstract Representation? Find(in EdgeUrl url);

    /// <summary>Where the two manifests lie that list renditions.</summary>
    protected static string PathOf(EdgeFile manifest, SegmentAddressing addressing) =>
        (addressing == SegmentAddressing.Segments ? "segments/" : "") + (manifest == EdgeFile.MultivariantPlaylist ? "master.m3u8" : "manifest.mpd");

    /// <summary>The text of a manifest.</summary>
    protected static Document Render(ManifestFile manifest, bool isGrowing)
    {
        var output = new ArrayBufferWriter<byte>();
        manifest.Write(output);
        return Document.Of(
            output.WrittenSpan,
            manifest.Format switch
            {
                ManifestFormat.Hls => ContentTypes.Hls,
                ManifestFormat.Dash => ContentTypes.Dash,
                ManifestFormat.Json => ContentTypes.Json,
                _ => ContentTypes.WebVtt,
            },
            isGrowing);
    }
}
