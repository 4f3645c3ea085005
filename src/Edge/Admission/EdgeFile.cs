namespace Movento.Edge.Admission;

/// <summary>Which file of a version a URL names (docs/formats/urls.md).</summary>
internal enum EdgeFile
{
    MultivariantPlaylist,
    MediaPresentationDescription,
    MediaPlaylist,
    IFramePlaylist,
    ThumbnailTrack,
    Chapters,
    Rendition,
    TextSegments,
    Subtitles,
    Initialization,
    Segment,
    IFrame,
    TextSegment,
    Thumbnails,
    Poster,
    Steering,
    Key,
    License,
    ClientData,
}
