using System.Buffers;
using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Dash;

/// <summary>The MPD (ISO/IEC 23009-1): <c>manifest.mpd</c>, one on-demand period with SegmentBase over <c>{rendition}.mp4</c>.</summary>
public static class MediaPresentationDescription
{
    private static readonly SearchValues<char> NeedsEscape =
        SearchValues.Create(['<', '>', '&', '"', .. Enumerable.Range(0, ' ').Select(control => (char)control), '\uFFFE', '\uFFFF']);

    /// <summary>Renders the MPD as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, Presentation presentation)
    {
        var text = new Utf8Text(output);
        text.Write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\""u8);
        text.Write(" profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011,urn:mpeg:dash:profile:cmaf:2019\""u8);
        text.Write(" minBufferTime=\"PT2S\" mediaPresentationDuration=\""u8);
        WriteDuration(text, presentation.Duration);
        text.Write("\">\n  <Period id=\"0\" start=\"PT0S\">\n"u8);

        // An adaptation set holds what a player may switch between: one kind, one codec, one language (§5.3.3.1).
        var main = presentation.Audio.FirstOrDefault(rendition => rendition.IsDefault) ?? presentation.Audio.FirstOrDefault();
        var sets = presentation.Renditions.GroupBy(
            rendition => (rendition.Kind, Family(rendition.Codecs), rendition.Language, rendition.Name, rendition.Audio?.Channels));
        var id = 0;
        foreach (var set in sets)
            WriteAdaptationSet(text, id++, [.. set], main);
        text.Write("  </Period>\n</MPD>\n"u8);
    }

    // avc1 of avc1.64001f, but all of mp4a.40.2: profiles of H.264 switch into one another, object types of AAC do not.
    private static string Family(string codecs) =>
        codecs.StartsWith("mp4a", StringComparison.Ordinal) ? codecs : codecs.Split('.', 2)[0];

    // Whether the segments of all begin at the same times (§5.3.3.2, segmentAlignment).
    private static bool AreAligned(Rendition[] renditions)
    {
        var first = renditions[0];
        foreach (var other in renditions.AsSpan(1))
        {
            if (other.Segments.Length != first.Segments.Length)
                return false;
            for (var index = 0; index < first.Segments.Length; index++)
            {
                if ((Int128)first.Segments[index].Start * other.Timescale != (Int128)other.Segments[index].Start * first.Timescale)
                    return false;
            }
        }

        return true;
    }

    private static void WriteAdaptationSet(Utf8Text text, int id, Rendition[] renditions, Rendition? main)
    {
        var first = renditions[0];
        text.Write("    <AdaptationSet id=\""u8);
        text.Write(id);
        text.Write(first.Kind == TrackKind.Video ? "\" contentType=\"video\" mimeType=\"video/mp4\""u8 : "\" contentType=\"audio\" mimeType=\"audio/mp4\""u8);
        if (first.Language is { } language)
        {
            text.Write(" lang=\""u8);
            WriteEscaped(text, language);
            text.Write("\""u8);
        }

        if (AreAligned(renditions))
            text.Write(" segmentAlignment=\"true\" subsegmentAlignment=\"true\""u8);
        text.Write(" startWithSAP=\"1\" subsegmentStartsWithSAP=\"1\">\n"u8);
        if (first.Name is { } name)
        {
            text.Write("      <Label>"u8);
            WriteEscaped(text, name);
            text.Write("</Label>\n"u8);
        }

        if (first.Kind == TrackKind.Audio)
        {
            text.Write("      <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\""u8);
            text.Write(renditions.Contains(main) ? "main\"/>\n"u8 : "alternate\"/>\n"u8);
        }

        foreach (var rendition in renditions)
            WriteRepresentation(text, rendition);
        text.Write("    </AdaptationSet>\n"u8);
    }

    private static void WriteRepresentation(Utf8Text text, Rendition rendition)
    {
        text.Write("      <Representation id=\""u8);
        text.Write(rendition.Id);
        text.Write("\" bandwidth=\""u8);
        text.Write(rendition.PeakBitrate);
        text.Write("\" codecs=\""u8);
        text.Write(rendition.Codecs);
        text.Write("\""u8);
        if (rendition.Video is { } video)
        {
            WriteAttribute(text, " width=\""u8, video.Width);
            WriteAttribute(text, " height=\""u8, video.Height);
            text.Write(" frameRate=\""u8);
            text.Write(video.FrameRate.Numerator);
            if (video.FrameRate.Denominator != 1)
            {
                text.Write("/"u8);
                text.Write(video.FrameRate.Denominator);
            }

            text.Write("\" sar=\""u8);
            text.Write(video.SampleAspectRatio.Horizontal);
            text.Write(":"u8);
            text.Write(video.SampleAspectRatio.Vertical);
            text.Write("\""u8);
        }

        if (rendition.Audio is { } audio)
            WriteAttribute(text, " audioSamplingRate=\""u8, audio.SampleRate);
        text.Write(">\n"u8);
        if (rendition.Audio is { } sound)
        {
            text.Write("        <AudioChannelConfiguration schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\""u8);
            WriteAttribute(text, " value=\""u8, sound.Channels);
            text.Write("/>\n"u8);
        }

        text.Write("        <BaseURL>"u8);
        text.Write(rendition.Id);
        text.Write(".mp4</BaseURL>\n        <SegmentBase"u8);
        WriteAttribute(text, " timescale=\""u8, rendition.Timescale);
        WriteRange(text, " indexRange=\""u8, rendition.SegmentIndex);
        text.Write(">\n          <Initialization"u8);
        WriteRange(text, " range=\""u8, rendition.Initialization);
        text.Write("/>\n        </SegmentBase>\n      </Representation>\n"u8);
    }

    private static void WriteAttribute(Utf8Text text, ReadOnlySpan<byte> start, long value)
    {
        text.Write(start);
        text.Write(value);
        text.Write("\""u8);
    }

    private static void WriteRange(Utf8Text text, ReadOnlySpan<byte> start, ByteRange range)
    {
        text.Write(start);
        text.Write(range.Offset);
        text.Write("-"u8);
        text.Write(range.Offset + range.Size - 1);
        text.Write("\""u8);
    }

    // xs:duration in seconds
    private static void WriteDuration(Utf8Text text, TimeSpan duration)
    {
        text.Write("PT"u8);
        text.WriteMillionths((duration.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond);
        text.Write("S"u8);
    }

    // XML 1.0 §2.2 and §2.4: the three characters that mean something, the quote of attributes, and those that may not be there at all.
    private static void WriteEscaped(Utf8Text text, ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny(NeedsEscape) is var at and >= 0)
        {
            text.Write(value[..at]);
            text.Write(value[at] switch { '<' => "&lt;"u8, '>' => "&gt;"u8, '&' => "&amp;"u8, '"' => "&quot;"u8, _ => " "u8 });
            value = value[(at + 1)..];
        }

        text.Write(value);
    }
}
