using System.Globalization;
using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Hls;

/// <summary>
/// Chapters as EXT-X-DATERANGE (RFC 8216bis §4.4.5.1), whose dates need EXT-X-PROGRAM-DATE-TIME (§4.4.4.6) in every media playlist, with one mapping
/// (§6.2.4). A film has no date: presentation time zero is the first instant of the year 2000. Written only where there are chapters.
/// </summary>
internal static class DateTags
{
    private static readonly DateTime Zero = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Of the segment that comes next.</summary>
    /// <param name="text">Takes the line.</param>
    /// <param name="start">When the segment begins, in microseconds of presentation time.</param>
    public static void WriteProgramDateTime(ref Utf8Text text, long start)
    {
        text.Write("#EXT-X-PROGRAM-DATE-TIME:"u8);
        WriteDate(ref text, TimeSpan.FromMicroseconds(start));
        text.Write("\n"u8);
    }

    /// <summary>A range for each chapter: its place in ID, its title in X-TITLE.</summary>
    public static void WriteRanges(ref Utf8Text text, ReadOnlySpan<Chapter> chapters)
    {
        for (var index = 0; index < chapters.Length; index++)
        {
            var chapter = chapters[index];
            text.Write("#EXT-X-DATERANGE:ID=\"chapter-"u8);
            text.Write(index + 1);
            text.Write("\",CLASS=\"chapter\",START-DATE=\""u8);
            WriteDate(ref text, chapter.Start);
            text.Write("\",DURATION="u8);
            text.WriteThousandths((long)(chapter.End - chapter.Start).TotalMilliseconds);
            if (chapter.Title is { } title)
            {
                text.Write(",X-TITLE=\""u8);
                HlsText.WriteQuoted(ref text, title);
                text.Write("\""u8);
            }

            text.Write("\n"u8);
        }
    }

    private static void WriteDate(ref Utf8Text text, TimeSpan time)
    {
        Span<char> date = stackalloc char[24];
        (Zero + time).TryFormat(date, out var length, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        text.Write(date[..length]);
    }
}
