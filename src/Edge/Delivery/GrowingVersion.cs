using System.Collections.Frozen;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Edge.Delivery.Selection;
using Movento.Edge.Keys;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>
/// A version that is still made: its manifests as far as it goes, its segments as objects of their own. The same URLs name ranges of the whole files
/// once those are there (<see cref="PublishedVersion"/>).
/// </summary>
internal sealed class GrowingVersion : PlayableVersion
{
    private const int BytesOfSegment = 32;

    private readonly VersionKey _key;
    private readonly GrowingPresentation _growing;
    private readonly Rendition[] _renditions;
    private readonly DeliveryHints _hints;
    private readonly FrozenDictionary<string, Representation> _manifests;

    public GrowingVersion(VersionKey key, GrowingPresentation growing, DeliveryHints hints)
    {
        (_key, _growing, _hints) = (key, growing, hints);
        _renditions = [.. growing.Renditions.Select(growth => growth.Rendition)];
        KeyIds = VersionKeyIds.Of(growing.Playable);
        _manifests = ManifestFile.Of(growing, hints).ToFrozenDictionary(manifest => manifest.Path, manifest => ManifestTemplate.Of(Render(manifest, isGrowing: true), hints));
        Bytes = _manifests.Values.Sum(manifest => manifest.Length)
            + growing.Renditions.Sum(rendition => (long)BytesOfSegment * rendition.Rendition.Segments.Length);
    }

    public override long Bytes { get; }

    public override FrozenSet<UInt128> KeyIds { get; }

    public override bool IsGrowing => true;

    public override ReadOnlySpan<Rendition> Renditions => _renditions;

    // Its files are there when it is whole.
    public override MediaFile? FileOf(string name) => null;

    public override Representation? Render(EdgeFile manifest, ManifestSelection selection)
    {
        if (_key.Addressing != SegmentAddressing.Segments) return Moved(manifest);
        var path = PathOf(manifest, _key.Addressing);
        var files = ManifestFile.Of(selection.Of(_growing), _hints with { StartHeight = selection.StartHeight });
        return ManifestTemplate.Of(Render(files.First(file => file.Path == path), isGrowing: true), _hints);
    }

    protected override Representation? Find(in EdgeUrl url) => url.Addressing == SegmentAddressing.Segments ? FindSegment(url) : Moved(url.File);

    // Byte ranges name files that are not there yet.
    private static MovedRepresentation? Moved(EdgeFile file) => file switch
    {
        EdgeFile.MultivariantPlaylist => MovedRepresentation.To("segments/master.m3u8"),
        EdgeFile.MediaPresentationDescription => MovedRepresentation.To("segments/manifest.mpd"),
        _ => null,
    };

    private Representation? FindSegment(in EdgeUrl url) => url.File switch
    {
        EdgeFile.MultivariantPlaylist => _manifests["segments/master.m3u8"],
        EdgeFile.MediaPresentationDescription => _manifests["segments/manifest.mpd"],
        EdgeFile.MediaPlaylist => _manifests.GetValueOrDefault($"segments/{url.Rendition}.m3u8"),
        EdgeFile.Initialization when RenditionOf(url.Rendition) is { } rendition => MediaFile.Of(
            StorageKey.GrowingHeader(_key.Asset, _key.Version, rendition.Id), _key.Asset, _key.Version, $"{rendition.Id}-init",
            ContentTypes.Of(rendition.Kind), rendition.Initialization.Size),
        EdgeFile.Segment when RenditionOf(url.Rendition) is { } rendition && url.Number <= rendition.Segments.Length => MediaFile.Of(
            StorageKey.GrowingSegment(_key.Asset, _key.Version, rendition.Id, url.Number), _key.Asset, _key.Version, $"{rendition.Id}-{url.Number}",
            ContentTypes.Of(rendition.Kind), rendition.Segments[url.Number - 1].Size),
        _ => null,
    };

    protected override int HeightOf(ReadOnlySpan<char> rendition) => RenditionOf(rendition)?.Video?.Height ?? 0;

    private Rendition? RenditionOf(ReadOnlySpan<char> id)
    {
        foreach (var growth in _growing.Renditions)
        {
            if (id.SequenceEqual(growth.Rendition.Id)) return growth.Rendition;
        }

        return null;
    }
}
