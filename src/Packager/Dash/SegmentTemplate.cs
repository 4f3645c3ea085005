using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Dash;

/// <summary>SegmentTemplate with SegmentTimeline (ISO/IEC 23009-1 §5.3.9.4 and §5.3.9.6): a URL for each segment.</summary>
internal static class SegmentTemplate
{
    /// <summary>Writes the element; runs of segments of one duration are one S.</summary>
    public static void Write(ref Utf8Text text, Rendition rendition)
    {
        text.Write("        <SegmentTemplate timescale=\""u8);
        text.Write(rendition.Timescale);
        text.Write("\" initialization=\"$RepresentationID$/init.mp4\" media=\"$RepresentationID$/$Number$.m4s\" startNumber=\"1\">\n          <SegmentTimeline>\n"u8);
        var segments = rendition.Segments.AsSpan();
        for (var first = 0; first < segments.Length;)
        {
            var next = first + 1;
            while (next < segments.Length && segments[next].Duration == segments[first].Duration)
                next++;
            text.Write("            <S"u8);
            if (first == 0)
            {
                text.Write(" t=\""u8);
                text.Write(segments[0].Start);
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
