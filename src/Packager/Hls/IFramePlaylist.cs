using System.Buffers;
using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Hls;

/// <summary>
/// A playlist of I-frames only (RFC 8216bis §4.4.3.6): <c>{rendition}.iframes.m3u8</c>. Byte ranges of the same file that the film is played from:
/// each a fragment's header and its first sample.
/// </summary>
public static class IFramePlaylist
{
    /// <summary>Renders the playlist as UTF-8.</summary>
    /// <param name="output">Takes the text; nothing else is allocated.</param>
    /// <param name="rendition">With access points: pictures that are in the clear or encrypted sample by sample, or still ones.</param>
    /// <param name="addressing">Where the playlist lies: with <see cref="SegmentAddressing.Segments"/>, one folder below the file.</param>
    /// <param name="isDated">Whether the other playlists say at which date a segment begins, as they do where there are chapters.</param>
    public static void Write(
        IBufferWriter<byte> output, Rendition rendition, SegmentAddressing addressing = SegmentAddressing.ByteRanges, bool isDated = false)
    {
        var text = new Utf8Text(output);
        var points = rendition.AccessPoints.AsSpan();
        if (points.IsEmpty)
            throw new ArgumentException($"The rendition {rendition.Id} has no access points.", nameof(rendition));

        text.Write("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:"u8);
        text.Write(SegmentBitrate.TargetDuration(points, rendition.Timescale));
        text.Write("\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-I-FRAMES-ONLY\n"u8);
        var period = 0;
        if (rendition.Encryption is { } first)
            KeyTags.Write(ref text, KeyTags.Media, first, first.Periods[period++], addressing);
        text.Write("#EXT-X-MAP:URI=\""u8);
        WriteFile(ref text, rendition, addressing);
        text.Write("\",BYTERANGE=\""u8);
        text.Write(rendition.Initialization.Size);
        text.Write("@"u8);
        text.Write(rendition.Initialization.Offset);
        text.Write("\"\n"u8);

        var start = HlsText.ToMicroseconds(points[0].Start, rendition.Timescale);
        if (isDated)
            DateTags.WriteProgramDateTime(ref text, start);
        foreach (ref readonly var point in points)
        {
            if (rendition.Encryption is { } encryption && period < encryption.Periods.Length
                && point.Offset >= rendition.Segments[encryption.Periods[period].FirstSegment].Offset)
                KeyTags.Write(ref text, KeyTags.Media, encryption, encryption.Periods[period++], addressing);
            var end = HlsText.ToMicroseconds(point.Start + point.Duration, rendition.Timescale);
            text.Write("#EXTINF:"u8);
            text.WriteMillionths(end - start);
            text.Write(",\n#EXT-X-BYTERANGE:"u8);
            text.Write(point.Size);
            text.Write("@"u8);
            text.Write(point.Offset);
            text.Write("\n"u8);
            WriteFile(ref text, rendition, addressing);
            text.Write("\n"u8);
            start = end;
        }

        text.Write("#EXT-X-ENDLIST\n"u8);
        text.Flush();
    }

    private static void WriteFile(ref Utf8Text text, Rendition rendition, SegmentAddressing addressing)
    {
        if (addressing == SegmentAddressing.Segments)
            text.Write("../"u8);
        text.Write(rendition.Id);
        text.Write(".mp4"u8);
    }
}
