using System.Buffers;
using Movento.Packager.Presentations;

namespace Movento.Packager.Dash;

/// <summary>The MPD (ISO/IEC 23009-1): <c>manifest.mpd</c>, one on-demand period with SegmentBase over <c>{rendition}.mp4</c>.</summary>
public static class MediaPresentationDescription
{
    /// <summary>Renders the MPD as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, Presentation presentation) => throw new NotImplementedException();
}
