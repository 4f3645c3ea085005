using System.Collections.Frozen;
using System.Collections.Immutable;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Edge.Keys;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>A version of an asset as the edge serves it in one addressing: its manifests rendered, its files and segments known by name and size.</summary>
internal sealed class PublishedVersion : PlayableVersion
{
    private readonly Document _multivariantPlaylist;
    private readonly Document? _mediaPresentationDescription;
    private readonly Document? _thumbnailTrack;
    private readonly Document? _chapters;
    private readonly ImmutableArray<RenditionFiles> _renditions;

    public PublishedVersion(VersionKey key, Presentation presentation)
    {
        var manifests = ManifestFile.Of(presentation, key.Addressing).ToDictionary(manifest => manifest.Path, manifest => Render(manifest, isGrowing: false));
        var folder = key.Addressing == SegmentAddressing.Segments ? "segments/" : "";
        _multivariantPlaylist = manifests[$"{folder}master.m3u8"];
        _mediaPresentationDescription = manifests.GetValueOrDefault($"{folder}manifest.mpd");
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

        private readonly Document? _playlist;
        private readonly Document? _iFramePlaylist;
        private readonly MediaFile _media;
        private readonly MediaFile? _texts;
        private readonly MediaPart? _initialization;
        private readonly ImmutableArray<MediaPart> _segments = [];
        private readonly ImmutableArray<MediaPart> _textSegments = [];

        public RenditionFiles(VersionKey key, Rendition rendition, Document? playlist, Document? iFramePlaylist)
        {
            Id = rendition.Id;
            Height = rendition.Video?.Height ?? 0;
            (_playlist, _iFramePlaylist) = (playlist, iFramePlaylist);
            _media = MediaFile.Of(
                StorageKey.Rendition(key.Asset, key.Version, Id), key.Asset, key.Version, Id, ContentTypes.Of(rendition.Kind), rendition.FileSize);
            if (!rendition.TextSegmentSizes.IsEmpty)
            {
                _texts = MediaFile.Of(
                    StorageKey.TextSegments(key.Asset, key.Version, Id), key.Asset, key.Version, $"{Id}-texts", ContentTypes.WebVtt, rendition.TextSegmentSizes.Sum());
            }

            if (key.Addressing != SegmentAddressing.Segments) return;
            _initialization = MediaPart.Of(_media, rendition.Initialization);
            _segments = [.. rendition.Segments.Select(segment => MediaPart.Of(_media, new ByteRange(segment.Offset, segment.Size)))];
            if (_texts is null) return;
            var offset = 0L;
            _textSegments = [.. rendition.TextSegmentSizes.Select(size => MediaPart.Of(_texts, new ByteRange((offset += size) - size, size)))];
        }

        public string Id { get; }

        /// <summary>Lines of its pictures; 0 where it has none.</summary>
        public int Height { get; }

        public long OverheadBytes => BytesOfRendition + (long)BytesOfPart * (_segments.Length + _textSegments.Length);

        public Representation? Find(EdgeFile file, int number) => file switch
        {
            EdgeFile.MediaPlaylist => _playlist,
            EdgeFile.IFramePlaylist => _iFramePlaylist,
            EdgeFile.Rendition => _media,
            EdgeFile.TextSegments => _texts,
            EdgeFile.Initialization => _initialization,
            EdgeFile.Segment => number <= _segments.Length ? _segments[number - 1] : null,
            EdgeFile.TextSegment => number <= _textSegments.Length ? _textSegments[number - 1] : null,
            _ => null,
        };
    }
}
