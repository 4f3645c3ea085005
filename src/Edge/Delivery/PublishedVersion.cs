using System.Buffers;
using System.Collections.Immutable;
using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Packager.Dash;
using Movento.Packager.Hls;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>A version of an asset as the edge serves it: its manifests rendered, its files known by name and size.</summary>
internal sealed class PublishedVersion
{
    private readonly Document _multivariantPlaylist;
    private readonly Document _mediaPresentationDescription;
    private readonly ImmutableArray<RenditionFiles> _renditions;

    public PublishedVersion(VersionKey key, Presentation presentation)
    {
        _multivariantPlaylist = Render(ContentTypes.Hls, presentation, MultivariantPlaylist.Write);
        _mediaPresentationDescription = Render(ContentTypes.Dash, presentation, MediaPresentationDescription.Write);
        _renditions = [.. presentation.Renditions.Select(rendition => new RenditionFiles(
            rendition.Id,
            Render(ContentTypes.Hls, rendition, MediaPlaylist.Write),
            MediaFile.Of(
                key.Asset,
                key.Version,
                rendition.Id,
                rendition.Kind == TrackKind.Video ? ContentTypes.Video : ContentTypes.Audio,
                rendition.FileSize)))];
        Bytes = _multivariantPlaylist.Length + _mediaPresentationDescription.Length
            + _renditions.Sum(rendition => rendition.Playlist.Length + RenditionFiles.OverheadBytes);
    }

    /// <summary>Bytes that this keeps in memory, about.</summary>
    public long Bytes { get; }

    /// <summary>What <paramref name="url"/> names in this version; null for a rendition that the presentation does not list.</summary>
    public Representation? Find(in EdgeUrl url)
    {
        switch (url.File)
        {
            case EdgeFile.MultivariantPlaylist: return _multivariantPlaylist;
            case EdgeFile.MediaPresentationDescription: return _mediaPresentationDescription;
        }

        // A ladder has a dozen rungs at most: walking it beats hashing.
        foreach (var rendition in _renditions)
        {
            if (url.Rendition.SequenceEqual(rendition.Id))
                return url.File == EdgeFile.MediaPlaylist ? rendition.Playlist : rendition.Media;
        }

        return null;
    }

    private static Document Render<T>(string contentType, T model, Action<IBufferWriter<byte>, T> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output, model);
        return Document.Of(output.WrittenSpan.ToArray(), contentType);
    }

    private sealed record RenditionFiles(string Id, Document Playlist, MediaFile Media)
    {
        /// <summary>The objects and strings around a rendition's playlist.</summary>
        public const int OverheadBytes = 1024;
    }
}
