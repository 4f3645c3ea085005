using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Movento.Packager.Subtitles;

/// <summary>Writes WebVTT (W3C WebVTT §4.1).</summary>
internal static class WebVttWriter
{
    private const int FlushSize = 64 << 10;

    /// <summary>
    /// Cue time zero is presentation time zero: X-TIMESTAMP-MAP of RFC 8216bis §3.1.4, whose MPEG-2 time is, of fragmented MP4, the media's own
    /// presentation time at 90 kHz. The files of this library keep the source's times: a track that begins later than zero says so in its first tfdt, which is
    /// its earliest presentation time also where an offset edit list delays its pictures (docs/formats/presentation.md). So the map is zero to
    /// zero, whatever the film begins with; players take off what they take off the media. hls.js 1.7 (utils/webvtt-parser.ts) shifts a cue by MPEGTS less
    /// its initPTS, which it measures from the first tfdt (remux/passthrough-remuxer.ts); shaka-player 5.2 (text/vtt_text_parser.js) by the
    /// timestamp offset that the media has. The map that would be wrong for a film that begins at 10 s is MPEGTS:900000, and none at all
    /// is read as zero to zero by both, but RFC 8216bis wants one in each segment.
    /// </summary>
    private static ReadOnlySpan<byte> TimestampMap => "X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n"u8;

    /// <summary>Writes all cues as one text.</summary>
    public static async Task WriteAsync(CueTimeline timeline, Stream destination, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>(FlushSize);
        WriteHeader(output, timeline.Blocks, isSegment: false);
        foreach (var cue in timeline.Cues)
        {
            if (cue.Note is { } note)
                Write(output, $"\nNOTE\n{note}\n");
            WriteCue(output, cue);
            if (output.WrittenCount < FlushSize)
                continue;
            await destination.WriteAsync(output.WrittenMemory, cancellationToken).ConfigureAwait(false);
            output.ResetWrittenCount();
        }

        await destination.WriteAsync(output.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a text for each segment, one after another; a cue stands in every segment in which it is shown.</summary>
    /// <returns>The size of each.</returns>
    /// <exception cref="MediaFormatException">They become too large.</exception>
    public static async Task<ImmutableArray<long>> WriteSegmentsAsync(CueTimeline timeline, Stream destination, CancellationToken cancellationToken)
    {
        var sizes = ImmutableArray.CreateBuilder<long>();
        var output = new ArrayBufferWriter<byte>(FlushSize);
        var total = 0L;
        foreach (var segment in timeline.Segments())
        {
            output.ResetWrittenCount();
            WriteHeader(output, timeline.Blocks, isSegment: true);
            foreach (var cue in segment.Cues)
                WriteCue(output, cue);
            total += output.WrittenCount;
            if (total > SubtitleLimits.MaxPackagedSize)
                throw new MediaFormatException(MediaFormatError.TooLarge, "", 0, $"The segments until {segment.End} ms have more than {SubtitleLimits.MaxPackagedSize} bytes.");
            sizes.Add(output.WrittenCount);
            await destination.WriteAsync(output.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }

        return sizes.DrainToImmutable();
    }

    private static void WriteHeader(ArrayBufferWriter<byte> output, ImmutableArray<string> blocks, bool isSegment)
    {
        output.Write("WEBVTT\n"u8);
        if (isSegment)
            output.Write(TimestampMap);
        foreach (var block in blocks)
            Write(output, $"\n{block}\n");
    }

    private static void WriteCue(ArrayBufferWriter<byte> output, PackagedCue cue)
    {
        output.Write("\n"u8);
        if (cue.Id is { } id)
            Write(output, $"{id}\n");
        WriteTime(output, cue.Start);
        output.Write(" --> "u8);
        WriteTime(output, cue.End);
        if (cue.Settings is { } settings)
            Write(output, $" {settings}");
        Write(output, $"\n{cue.Text}\n");
    }

    private static void WriteTime(ArrayBufferWriter<byte> output, long milliseconds) =>
        output.Advance(CueTime.Write(output.GetSpan(CueTime.MaxSize), milliseconds));

    private static void Write(ArrayBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
