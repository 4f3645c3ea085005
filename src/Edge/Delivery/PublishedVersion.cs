using System.Collections.Frozen;
using System.Collections.Immutable;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Edge.Delivery.Selection;
using Movento.Edge.Keys;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>A version of an asset as the edge serves it in one addressing: its manifests rendered, its files and segments known by name and size.</summary>
internal sealed class PublishedVersion : PlayableVersion
{
    private readonly VersionKey _key;
    private readonly Presentation _presentation;
    private readonly DeliveryHints _hints;
    private readonly Representation _multivariantPlaylist;
    private readonly Representation? _mediaPresentationDescription;
    private readonly Document? _thumbnailTrack;
    private readonly Document? _chapters;
    private readonly ImmutableArray<RenditionFiles> _renditions;

    public PublishedVersion(VersionKey key, Presentation presentation, DeliveryHints hints)
    {
        (_key, _presentation, _hints) = (key, presentation, hints);
        var manifests = ManifestFile.Of(presentation, key.Addressing, hints).ToDictionary(manifest => manifest.Path, manifest => Render(manifest, isGrowing: false));
        var folder = key.Addressing == SegmentAddressing.Segments ? "segments/" : "";
        _multivariantPlaylist = Steerable(EdgeFile.MultivariantPlaylist, manifests[PathOf(EdgeFile.MultivariantPlaylist, key.Addressing)]);
        _mediaPresentationDescription = manifests.GetValueOrDefault(PathOf(EdgeFile.MediaPresentationDescription, key.Addressing)) is { } description ? Steerable(EdgeFile.MediaPresentationDescription, description) : null;
        _thumbnailTrack = manifests.GetValueOrDefault("thumbnails.vtt");
        _chapters = manifests.GetValueOrDefault("chapters.json");
        _renditions =
        [
            .. presentation.Renditions.Select(rendition => new RenditionFiles(
                key, rendition,
                manifests.GetValueOrDefault($"{folder}{rendition.Id}.m3u8"),
                manifests.GetValueOrDefault($"{folder}{rendition.Id}.iframes.m3u8"))),
        ];
        KeyIds = VersionKeyIds.Of(presentation);
        Bytes = manifests.Values.Sum(manifest => manifest.Length) + _renditions.Sum(rendition => rendition.OverheadBytes);
    }

    public override long Bytes { get; }

    public override FrozenSet<UInt128> KeyIds { get; }

    public override bool IsGrowing => false;

    public override ReadOnlySpan<Rendition> Renditions => _presentation.Renditions.AsSpan();

    public override MediaFile? FileOf(string name)
    {
        var key = StorageKey.VersionPrefix(_key.Asset, _key.Version) + name;
        foreach (var rendition in _renditions)
        {
            if (rendition.FileOf(key) is { } file) return file;
        }

        return null;
    }

    public override Representation? Render(EdgeFile manifest, ManifestSelection selection)
    {
        var path = PathOf(manifest, _key.Addressing);
        var files = ManifestFile.Of(selection.Of(_presentation), _key.Addressing, _hints with { StartHeight = selection.StartHeight });
        return files.FirstOrDefault(file => file.Path == path) is { } found ? Steerable(manifest, Render(found, isGrowing: false)) : null;
    }

    // Of a file with an index, shaka-player and dash.js keep the URL that it had when the index was read; of segments that have URLs of their own, they make each
    // when they fetch it. So who is to be steered in DASH is sent there.
    private Representation Steerable(EdgeFile manifest, Document document) =>
        _hints.Steering is not null && manifest == EdgeFile.MediaPresentationDescription && _key.Addressing == SegmentAddressing.ByteRanges
            ? MovedRepresentation.To(PathOf(manifest, SegmentAddressing.Segments))
            : ManifestTemplate.Of(document, _hints);

    protected override Representation? Find(in EdgeUrl url)
    {
        switch (url.File)
        {
            case EdgeFile.MultivariantPlaylist: return _multivariantPlaylist;
            case EdgeFile.MediaPresentationDescription: return _mediaPresentationDescription;
            case EdgeFile.ThumbnailTrack: return _thumbnailTrack;
            case EdgeFile.Chapters: return _chapters;
        }

        // A ladder has a dozen rungs at most: walking it beats hashing.
        foreach (var rendition in _renditions)
        {
            if (url.Rendition.SequenceEqual(rendition.Id)) return rendition.Find(url.File, url.Number);
        }

        return null;
    }

    protected override int HeightOf(ReadOnlySpan<char> rendition)
    {
        foreach (var files in _renditions)
        {
            if (rendition.SequenceEqual(files.Id)) return files.Height;
        }

        return 0;
    }

    /// <summary>What the edge serves of one rendition.</summary>
    private sealed class RenditionFiles
    {
        // The objects and strings around a rendition, and those of a segment.
        private const int BytesOfRendition = 2048;
        private const int BytesOfPart = 64;

        // Of the model, from which the manifests of a part are rendered: a segment and an access point are four numbers of 64 bits each.
        private const int BytesOfModel = 32;

        private readonly Document? _playlist;
        private readonly Document? _iFramePlaylist;
        private readonly MediaFile _media;
        private readonly MediaFile? _texts;
        private readonly MediaPart? _initialization;
        private readonly ImmutableArray<MediaPart> _segments = [];
        private readonly ImmutableArray<AccessPoint> _accessPoints = [];
        private readonly ImmutableArray<MediaPart> _textSegments = [];

        public RenditionFiles(VersionKey key, Rendition rendition, Document? playlist, Document? iFramePlaylist)
        {
            Id = rendition.Id;
            Height = rendition.Video?.Height ?? 0;
            (_playlist, _iFramePlaylist) = (playlist, iFramePlaylist);
            _media = MediaFile.Of(
                StorageKey.Rendition(key.Asset, key.Version, Id), key.Asset, key.Version, Id, ContentTypes.Of(rendition.Kind), rendition.FileSize,
                rendition.PeakBitrate,
                rendition.Segments.IsEmpty ? null : new SegmentBoundaries(rendition.Initialization, rendition.Segments));
            if (!rendition.TextSegmentSizes.IsEmpty)
            {
                _texts = MediaFile.Of(
                    StorageKey.TextSegments(key.Asset, key.Version, Id), key.Asset, key.Version, $"{Id}-texts", ContentTypes.WebVtt, rendition.TextSegmentSizes.Sum());
            }

            OverheadBytes = BytesOfRendition + (long)BytesOfModel * (rendition.Segments.Length + rendition.AccessPoints.Length)
                + sizeof(long) * rendition.TextSegmentSizes.Length + (_media.Segments?.Bytes ?? 0);
            if (key.Addressing != SegmentAddressing.Segments) return;
            OverheadBytes += (long)BytesOfPart * (rendition.Segments.Length + rendition.TextSegmentSizes.Length);
            _initialization = MediaPart.Of(_media, rendition.Initialization);
            _accessPoints = rendition.AccessPoints;
            _segments = [.. rendition.Segments.Select(segment => MediaPart.Of(_media, new ByteRange(segment.Offset, segment.Size)))];
            if (_texts is null) return;
            var offset = 0L;
            _textSegments = [.. rendition.TextSegmentSizes.Select(size => MediaPart.Of(_texts, new ByteRange((offset += size) - size, size)))];
        }

        public string Id { get; }

        /// <summary>Lines of its pictures; 0 where it has none.</summary>
        public int Height { get; }

        public long OverheadBytes { get; }

        public MediaFile? FileOf(string key) => _media.StorageKey == key ? _media : _texts?.StorageKey == key ? _texts : null;

        public Representation? Find(EdgeFile file, int number) => file switch
        {
            EdgeFile.MediaPlaylist => _playlist,
            EdgeFile.IFramePlaylist => _iFramePlaylist,
            EdgeFile.Rendition => _media,
            EdgeFile.TextSegments => _texts,
            EdgeFile.Initialization => _initialization,
            EdgeFile.Segment => number <= _segments.Length ? _segments[number - 1] : null,
            // Made when it is asked for: few wind.
            EdgeFile.IFrame => number <= _accessPoints.Length && _accessPoints[number - 1] is var point ? MediaPart.Of(_media, new ByteRange(point.Offset, point.Size)) : null,
            EdgeFile.TextSegment => number <= _textSegments.Length ? _textSegments[number - 1] : null,
            _ => null,
        };
    }
}
