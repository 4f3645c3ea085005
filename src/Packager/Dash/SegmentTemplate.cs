using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Dash;

/// <summary>SegmentTemplate with SegmentTimeline (ISO/IEC 23009-1 §5.3.9.4 and §5.3.9.6): a URL for each segment.</summary>
internal static class SegmentTemplate
{
    /// <summary>Writes the element of a rendition's segments.</summary>
    public static void Write(ref Utf8Text text, Rendition rendition)
    {
        text.Write("        <SegmentTemplate timescale=\""u8);
        text.Write(rendition.Timescale);
        text.Write("\" initialization=\"$RepresentationID$/init.mp4\" media=\"$RepresentationID$/$Number$.m4s\" startNumber=\"1\">\n          <SegmentTimeline>\n"u8);
        var segments = rendition.Segments.AsSpan();
        WriteTimeline(ref text, segments, segments[0].Start);
    }

    /// <summary>Writes the element of a rendition's I-frames, of which there is one at least.</summary>
    public static void WriteIFrames(ref Utf8Text text, Rendition rendition)
    {
        text.Write("        <SegmentTemplate timescale=\""u8);
        text.Write(rendition.Timescale);
        text.Write("\" initialization=\""u8);
        text.Write(rendition.Id);
        text.Write("/init.mp4\" media=\""u8);
        text.Write(rendition.Id);
        text.Write("/iframes/$Number$.m4s\" startNumber=\"1\">\n          <SegmentTimeline>\n"u8);
        var points = rendition.AccessPoints.AsSpan();
        WriteTimeline(ref text, points, points[0].Start);
    }

    // Runs of segments of one duration are one S.
    private static void WriteTimeline<T>(ref Utf8Text text, ReadOnlySpan<T> segments, long start)
        where T : struct, ITimedBytes
    {
        for (var first = 0; first < segments.Length;)
        {
            var next = first + 1;
            while (next < segments.Length && segments[next].Duration == segments[first].Duration)
                next++;
            text.Write("            <S"u8);
            if (first == 0)
            {
                text.Write(" t=\""u8);
                text.Write(start);
                text.Write("\""u8);
            }

            text.Write(" d=\""u8);
            text.Write(segments[first].Duration);
            if (next > first + 1)
            {
                text.Write("\" r=\""u8);
                text.Write(next - first - 1);
            }

            text.Write("\"/>\n"u8);
            first = next;
        }

        text.Write("          </SegmentTimeline>\n        </SegmentTemplate>\n"u8);
    }
}
