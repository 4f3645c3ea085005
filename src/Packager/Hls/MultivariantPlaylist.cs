using System.Buffers;
using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Hls;

/// <summary>The multivariant playlist (RFC 8216bis §4.4.6): <c>master.m3u8</c>, naming <c>{rendition}.m3u8</c>.</summary>
public static class MultivariantPlaylist
{
    /// <summary>Renders the playlist as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, Presentation presentation)
    {
        var text = new Utf8Text(output);
        text.Write("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n"u8);
        var hasVideo = presentation.Renditions.Any(rendition => rendition.Kind == TrackKind.Video);
        var groups = hasVideo ? AudioGroup.Of(presentation) : [];

        // :: The sound, a group for each codec: a variant names the codecs of the one group that it goes with
        foreach (var group in groups)
        {
            foreach (var audio in group.Renditions)
                WriteMedia(text, group, audio);
        }

        // :: The variants: each video with each group; without video, the sound itself
        foreach (var rendition in presentation.Renditions)
        {
            if (rendition.Kind != (hasVideo ? TrackKind.Video : TrackKind.Audio))
                continue;
            if (groups.Count == 0)
                WriteVariant(text, rendition, null);
            foreach (var group in groups)
                WriteVariant(text, rendition, group);
        }
    }

    // §4.4.6.1
    private static void WriteMedia(Utf8Text text, AudioGroup group, Rendition audio)
    {
        text.Write("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\""u8);
        text.Write(group.Id);
        if (audio.Language is { } language)
        {
            text.Write("\",LANGUAGE=\""u8);
            WriteQuoted(text, language);
        }

        text.Write("\",NAME=\""u8);
        WriteQuoted(text, group.NameOf(audio));
        text.Write(audio == group.Default ? "\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\""u8 : "\",DEFAULT=NO,AUTOSELECT=YES,CHANNELS=\""u8);
        text.Write(audio.Audio?.Channels ?? 2);
        text.Write("\",URI=\""u8);
        text.Write(audio.Id);
        text.Write(".m3u8\"\n"u8);
    }

    // §4.4.6.2
    private static void WriteVariant(Utf8Text text, Rendition rendition, AudioGroup? group)
    {
        text.Write("#EXT-X-STREAM-INF:BANDWIDTH="u8);
        text.Write(rendition.PeakBitrate + (group?.PeakBitrate ?? 0));
        text.Write(",AVERAGE-BANDWIDTH="u8);
        text.Write(rendition.AverageBitrate + (group?.AverageBitrate ?? 0));
        text.Write(",CODECS=\""u8);
        text.Write(rendition.Codecs);
        if (group is not null)
        {
            text.Write(","u8);
            text.Write(group.Codecs);
        }

        text.Write("\""u8);
        if (rendition.Video is { } video)
        {
            text.Write(",RESOLUTION="u8);
            text.Write(video.Width);
            text.Write("x"u8);
            text.Write(video.Height);
            text.Write(",FRAME-RATE="u8);
            text.WriteThousandths((video.FrameRate.Numerator * 1000 + video.FrameRate.Denominator / 2) / video.FrameRate.Denominator);
            text.Write(video.Range switch
            {
                VideoRange.Pq => ",VIDEO-RANGE=PQ"u8,
                VideoRange.Hlg => ",VIDEO-RANGE=HLG"u8,
                _ => ",VIDEO-RANGE=SDR"u8,
            });
        }

        if (group is not null)
        {
            text.Write(",AUDIO=\""u8);
            text.Write(group.Id);
            text.Write("\""u8);
        }

        text.Write("\n"u8);
        text.Write(rendition.Id);
        text.Write(".m3u8\n"u8);
    }

    // §4.2: a quoted-string has no line breaks and no double quotes.
    private static void WriteQuoted(Utf8Text text, ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny('"', '\n', '\r') is var bad and >= 0)
        {
            text.Write(value[..bad]);
            text.Write(value[bad] == '"' ? "'"u8 : " "u8);
            value = value[(bad + 1)..];
        }

        text.Write(value);
    }
}
