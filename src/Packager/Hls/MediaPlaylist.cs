using System.Buffers;
using Movento.Packager.Presentations;

namespace Movento.Packager.Hls;

/// <summary>A media playlist (RFC 8216bis §4.4.3): <c>{rendition}.m3u8</c>, byte ranges of <c>{rendition}.mp4</c>.</summary>
public static class MediaPlaylist
{
    /// <summary>Renders the playlist as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, Rendition rendition) => throw new NotImplementedException();
}
