using System.Buffers;
using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Hls;

/// <summary>A media playlist (RFC 8216bis §4.4.3): <c>{rendition}.m3u8</c>, byte ranges of <c>{rendition}.mp4</c>.</summary>
public static class MediaPlaylist
{
    /// <summary>Renders the playlist as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, Rendition rendition)
    {
        var text = new Utf8Text(output);

        // EXT-X-MAP in a playlist that is not of I-frames only needs version 6 (RFC 8216bis §8).
        text.Write("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:"u8);
        text.Write(rendition.TargetDuration);
        text.Write("\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\""u8);
        text.Write(rendition.Id);
        text.Write(".mp4\",BYTERANGE=\""u8);
        text.Write(rendition.Initialization.Size);
        text.Write("@"u8);
        text.Write(rendition.Initialization.Offset);
        text.Write("\"\n"u8);

        // The times at which segments begin are rounded, not their durations: so that the roundings do not add up over a film.
        var start = ToMicroseconds(rendition.Segments[0].Start, rendition.Timescale);
        foreach (var segment in rendition.Segments)
        {
            var end = ToMicroseconds(segment.Start + segment.Duration, rendition.Timescale);
            text.Write("#EXTINF:"u8);
            text.WriteMillionths(end - start);
            text.Write(",\n#EXT-X-BYTERANGE:"u8);
            text.Write(segment.Size);
            text.Write("@"u8);
            text.Write(segment.Offset);
            text.Write("\n"u8);
            text.Write(rendition.Id);
            text.Write(".mp4\n"u8);
            start = end;
        }

        text.Write("#EXT-X-ENDLIST\n"u8);
    }

    private static long ToMicroseconds(long ticks, uint timescale) =>
        (long)(((Int128)ticks * 1_000_000 + timescale / 2) / timescale);
}
