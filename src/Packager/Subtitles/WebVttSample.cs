using System.Collections.Immutable;
using System.Text;
using Movento.Packager.IsoBmff;
using Movento.Packager.Tracks;

namespace Movento.Packager.Subtitles;

/// <summary>Writes the samples of a WebVTT track (ISO/IEC 14496-30 §7): what is shown from one change to the next, and an empty cue where nothing is.</summary>
internal static class WebVttSample
{
    /// <summary>WVTTSampleEntry (§7.5): the head of the WebVTT text, and where all of it can be had.</summary>
    /// <param name="blocks">STYLE and REGION blocks.</param>
    /// <param name="id">Of the rendition; its sidecar is the source that the label names, relative to the track's own URL.</param>
    public static ImmutableArray<byte> Entry(ImmutableArray<string> blocks, string id)
    {
        using var writer = new BoxWriter(256);
        var entry = writer.Begin(BoxType.Wvtt);
        writer.WriteZeros(6);
        writer.WriteUInt16(1); // data_reference_index: the one of Dref.Write
        WriteText(writer, BoxType.VttC, string.Join("\n\n", blocks.Prepend("WEBVTT")));
        WriteText(writer, BoxType.Vlab, $"{id}.vtt");
        writer.End(entry);
        return [.. writer.Written.Span];
    }

    /// <summary>Writes all samples one after another, and lists them.</summary>
    /// <exception cref="MediaFormatException">They become too large.</exception>
    public static void WriteAll(CueTimeline timeline, SampleList samples, BoxWriter writer)
    {
        foreach (var span in timeline.Samples())
        {
            ref var sample = ref samples.Add();
            sample.Offset = writer.Length;
            Write(writer, span);
            if (writer.Length > SubtitleLimits.MaxPackagedSize)
                throw new MediaFormatException(MediaFormatError.TooLarge, "mdat", 0, $"The samples until {span.End} ms have more than {SubtitleLimits.MaxPackagedSize} bytes.");
            sample.Size = (uint)(writer.Length - sample.Offset);
            sample.Duration = (uint)(span.End - span.Start);
            sample.IsSync = true;
        }
    }

    private static void Write(BoxWriter writer, CueSpan span)
    {
        if (span.Cues.Count == 0)
            writer.End(writer.Begin(BoxType.Vtte));
        foreach (var cue in span.Cues)
        {
            var box = writer.Begin(BoxType.VttCue);
            // A cue that is in several samples says so by one number in all of them; a reader puts it together again.
            if (cue.Start != span.Start || cue.End != span.End)
            {
                var source = writer.Begin(BoxType.Vsid);
                writer.WriteInt32(cue.Number);
                writer.End(source);
            }

            if (cue.Id is { } id)
                WriteText(writer, BoxType.Iden, id);
            if (cue.Start != span.Start && HasTimestamps(cue.Text))
                WriteTime(writer, span.Start);
            if (cue.Settings is { } settings)
                WriteText(writer, BoxType.Sttg, settings);
            WriteText(writer, BoxType.Payl, cue.Text);
            writer.End(box);
        }
    }

    // CueTimeBox: for times inside of the text, which count from the cue's start, and that lies in another sample.
    private static void WriteTime(BoxWriter writer, long milliseconds)
    {
        Span<byte> time = stackalloc byte[CueTime.MaxSize];
        var length = CueTime.Write(time, milliseconds);
        var box = writer.Begin(BoxType.Ctim);
        writer.WriteBytes(time[..length]);
        writer.End(box);
    }

    private static bool HasTimestamps(string text)
    {
        for (var at = text.IndexOf('<'); at >= 0 && at + 1 < text.Length; at = text.IndexOf('<', at + 1))
        {
            if (char.IsAsciiDigit(text[at + 1]))
                return true;
        }

        return false;
    }

    // The strings of these boxes fill them, without a zero at the end.
    private static void WriteText(BoxWriter writer, uint type, string text)
    {
        var box = writer.Begin(type);
        Encoding.UTF8.GetBytes(text, writer.Take(Encoding.UTF8.GetByteCount(text)));
        writer.End(box);
    }
}
