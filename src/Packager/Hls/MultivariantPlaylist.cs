using System.Buffers;
using Movento.Packager.Presentations;

namespace Movento.Packager.Hls;

/// <summary>The multivariant playlist (RFC 8216bis §4.4.6): <c>master.m3u8</c>, naming <c>{rendition}.m3u8</c>.</summary>
public static class MultivariantPlaylist
{
    /// <summary>Renders the playlist as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, Presentation presentation) => throw new NotImplementedException();
}
