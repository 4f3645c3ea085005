using System.Buffers;
using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Hls;

/// <summary><c>thumbnails.vtt</c>: which part of which picture shows what time, as players read it (WebVTT cues of <c>file#xywh=x,y,width,height</c>).</summary>
public static class ThumbnailTrack
{
    /// <summary>Renders the file as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, ThumbnailTiles thumbnails)
    {
        var text = new Utf8Text(output);
        text.Write("WEBVTT\n"u8);
        var interval = (long)thumbnails.Interval.TotalMilliseconds;
        for (var picture = 0; picture < thumbnails.Count; picture++)
        {
            var (file, place) = Math.DivRem(picture, thumbnails.PicturesPerFile);
            text.Write("\n"u8);
            text.WriteTimestamp(picture * interval);
            text.Write(" --> "u8);
            text.WriteTimestamp((picture + 1) * interval);
            text.Write("\nthumbnails/"u8);
            text.Write(file + 1);
            text.Write(".jpg#xywh="u8);
            text.Write(place % thumbnails.Columns * thumbnails.Width);
            text.Write(","u8);
            text.Write(place / thumbnails.Columns * thumbnails.Height);
            text.Write(","u8);
            text.Write(thumbnails.Width);
            text.Write(","u8);
            text.Write(thumbnails.Height);
            text.Write("\n"u8);
        }

        text.Flush();
    }
}
