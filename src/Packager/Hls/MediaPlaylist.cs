using System.Buffers;
using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Hls;

/// <summary>A media playlist (RFC 8216bis §4.4.3): <c>{rendition}.m3u8</c>.</summary>
public static class MediaPlaylist
{
    // The longest line before and the longest after a segment's numbers: an id has 32 characters, for which UTF-8 wants room for 96.
    private const int MaxPieceSize = 512;

    /// <summary>
    /// Renders the playlist of pictures, sound or subtitles as UTF-8. Over segments, where pictures and sound may have been read while they grew, it is the last
    /// one of an event: but for its end it may say nothing else than before (§4.4.3.5, §6.2.1).
    /// </summary>
    /// <param name="output">Takes the text; nothing else is allocated.</param>
    /// <param name="presentation">What the rendition is of: all its playlists have one target duration.</param>
    /// <param name="rendition">One of the presentation's.</param>
    /// <param name="addressing">Whether segments are byte ranges of one file or have URLs of their own.</param>
    public static void Write(
        IBufferWriter<byte> output, Presentation presentation, Rendition rendition, SegmentAddressing addressing = SegmentAddressing.ByteRanges)
    {
        var target = presentation.TargetDuration;
        var isNaming = IsNaming(rendition, presentation.Renditions.AsSpan());
        Write(
            output, rendition, addressing, rendition.Kind == TrackKind.Text ? Math.Max(target, rendition.TargetDuration) : target,
            presentation.Chapters.AsSpan(), isNaming, hasGrown: addressing == SegmentAddressing.Segments && rendition.Kind != TrackKind.Text, hasEnded: true);
    }

    /// <summary>
    /// Renders the playlist of a rendition that grows: segments are added to its end (EVENT, §4.4.3.5), nothing that was there changes, and players
    /// are asked to begin at the film's beginning (§4.4.2.2). It lies in <c>segments/</c>.
    /// </summary>
    /// <param name="output">Takes the text; nothing else is allocated.</param>
    /// <param name="growing">What the rendition is of.</param>
    /// <param name="rendition">One of the presentation's, of pictures or sound.</param>
    public static void Write(IBufferWriter<byte> output, GrowingPresentation growing, Rendition rendition) =>
        Write(
            output, rendition, SegmentAddressing.Segments, growing.TargetDuration, growing.Chapters.AsSpan(),
            rendition.Kind == TrackKind.Video || growing.Renditions[0].Rendition.Kind != TrackKind.Video, hasGrown: true, hasEnded: false);

    private static void Write(
        IBufferWriter<byte> output, Rendition rendition, SegmentAddressing addressing, long targetDuration, ReadOnlySpan<Chapter> chapters, bool isNaming, bool hasGrown, bool hasEnded)
    {
        var text = new Utf8Text(output);
        var isText = rendition.Kind == TrackKind.Text;

        // EXT-X-MAP in a playlist that is not of I-frames only needs version 6 (RFC 8216bis §8).
        text.Write("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:"u8);
        text.Write(targetDuration);
        text.Write(hasGrown
            ? "\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:EVENT\n#EXT-X-START:TIME-OFFSET=0,PRECISE=YES\n#EXT-X-INDEPENDENT-SEGMENTS\n"u8
            : "\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n"u8);
        // A key holds for every header after it, and no header of ours is encrypted as a whole (§4.4.4.4).
        var period = 0;
        if (rendition.Encryption is { Scheme: not EncryptionScheme.Aes128 } sampleEncryption)
            KeyTags.Write(ref text, KeyTags.Media, sampleEncryption, sampleEncryption.Periods[period++], addressing);
        if (!isText)
            WriteMap(ref text, rendition, addressing);

        // A line begins as the one before it where both last equally long, and all end the same: written once, then copied.
        Span<byte> memory = stackalloc byte[MaxPieceSize];
        var line = new Utf8Text(memory[..(MaxPieceSize / 2)]);
        var tail = new Utf8Text(memory[(MaxPieceSize / 2)..]);
        WriteTail(ref tail, rendition, addressing);

        // The times at which segments begin are rounded, not their durations: so that the roundings do not add up over a film.
        var segments = rendition.Segments.AsSpan();
        var start = HlsText.ToMicroseconds(segments[0].Start, rendition.Timescale);
        var (duration, textOffset) = (-1L, 0L);
        if (!chapters.IsEmpty)
        {
            if (isNaming)
                DateTags.WriteRanges(ref text, chapters);
            DateTags.WriteProgramDateTime(ref text, start);
        }

        for (var index = 0; index < segments.Length; index++)
        {
            ref readonly var segment = ref segments[index];
            if (rendition.Encryption is { } encryption && period < encryption.Periods.Length && encryption.Periods[period].FirstSegment == index)
                KeyTags.Write(ref text, KeyTags.Media, encryption, encryption.Periods[period++], addressing);
            var end = HlsText.ToMicroseconds(segment.Start + segment.Duration, rendition.Timescale);
            if (end - start != duration)
            {
                duration = end - start;
                line = new Utf8Text(memory[..(MaxPieceSize / 2)]);
                WriteLine(ref line, duration, rendition, addressing);
            }

            start = end;
            text.Write(line.Written);
            if (addressing == SegmentAddressing.Segments)
            {
                text.Write(index + 1);
            }
            else
            {
                var bytes = isText ? new ByteRange(textOffset, rendition.TextSegmentSizes[index]) : new ByteRange(segment.Offset, segment.Size);
                textOffset += bytes.Size;
                text.Write(bytes.Size);
                text.Write("@"u8);
                text.Write(bytes.Offset);
            }

            text.Write(tail.Written);
        }

        if (hasEnded)
            text.Write("#EXT-X-ENDLIST\n"u8);
        text.Flush();
    }

    // The playlists of the pictures name the chapters; of sound alone, those of the sound.
    private static bool IsNaming(Rendition rendition, ReadOnlySpan<Rendition> renditions)
    {
        var hasVideo = false;
        foreach (var other in renditions)
            hasVideo |= other.Kind == TrackKind.Video;
        return rendition.Kind == (hasVideo ? TrackKind.Video : TrackKind.Audio);
    }

    // What stands before the numbers of a segment.
    private static void WriteLine(ref Utf8Text line, long duration, Rendition rendition, SegmentAddressing addressing)
    {
        line.Write("#EXTINF:"u8);
        line.WriteMillionths(duration);
        if (addressing == SegmentAddressing.ByteRanges)
        {
            line.Write(",\n#EXT-X-BYTERANGE:"u8);
            return;
        }

        line.Write(",\n"u8);
        line.Write(rendition.Id);
        line.Write("/"u8);
    }

    // What stands after them.
    private static void WriteTail(ref Utf8Text tail, Rendition rendition, SegmentAddressing addressing)
    {
        var isText = rendition.Kind == TrackKind.Text;
        if (addressing == SegmentAddressing.Segments)
        {
            tail.Write(isText ? ".vtt\n"u8 : ".m4s\n"u8);
            return;
        }

        tail.Write("\n"u8);
        tail.Write(rendition.Id);
        tail.Write(isText ? ".segments.vtt\n"u8 : ".mp4\n"u8);
    }

    // §4.4.4.5
    private static void WriteMap(ref Utf8Text text, Rendition rendition, SegmentAddressing addressing)
    {
        text.Write("#EXT-X-MAP:URI=\""u8);
        text.Write(rendition.Id);
        if (addressing == SegmentAddressing.Segments)
        {
            text.Write("/init.mp4\"\n"u8);
            return;
        }

        text.Write(".mp4\",BYTERANGE=\""u8);
        text.Write(rendition.Initialization.Size);
        text.Write("@"u8);
        text.Write(rendition.Initialization.Offset);
        text.Write("\"\n"u8);
    }
}
