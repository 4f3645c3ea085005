namespace Movento.Packager.Subtitles;

/// <summary>
/// Reads SubRip (.srt), which nobody standardised: a number, the times, lines of text, a blank line. Numbers are not looked at, blank lines inside of a
/// text are left out, and a text goes on until the next line of times.
/// </summary>
internal static class SubRipReader
{
    private static ReadOnlySpan<byte> Arrow => "-->"u8;

    /// <summary>Reads a whole text.</summary>
    /// <exception cref="MediaFormatException">It is not UTF-8, has no line of times, or is above <see cref="SubtitleLimits"/>.</exception>
    public static SubtitleTrack Read(ReadOnlySpan<byte> text)
    {
        var lines = new SubtitleText(text);
        var cues = new CueListBuilder();
        var builder = new CueTextBuilder();
        Times? open = null;
        var content = 0;
        while (true)
        {
            var start = lines.Offset;
            var hasLine = lines.TryRead(out var line);
            Times next = default;
            if (hasLine && !TryReadTimes(line, start, out next))
                continue;

            // The cue before this line is whole now.
            if (open is { IsReadable: true } times)
            {
                var end = hasLine ? BeforeNumber(text, content, start) : start;
                if (end - content > SubtitleLimits.MaxCueSize)
                    cues.Skip();
                else
                    cues.Add(times.Offset, times.From, times.To, SubRipText.Read(text[content..end], builder, out var settings), id: null, settings, note: null);
            }
            else if (open is not null)
            {
                cues.Skip();
            }

            if (!hasLine)
                break;
            (open, content) = (next, lines.Offset);
        }

        return open is null
            ? throw new MediaFormatException(MediaFormatError.Invalid, "", 0, "The text is neither WebVTT nor SubRip: no line of it holds the times of a cue.")
            : cues.ToTrack([]);
    }

    // Also true for times that cannot be read, such as negative ones: that cue is left out, and its text is not another's.
    private static bool TryReadTimes(ReadOnlySpan<byte> line, int offset, out Times times)
    {
        times = new Times(offset, 0, 0, false);
        if (line.IndexOf(Arrow) < 0)
            return false;
        line = line.TrimStart(" \t"u8);
        var rest = line;
        if (CueTime.TryReadSubRip(ref rest, out var from) && rest.TrimStart(" \t"u8) is var arrow && arrow.StartsWith(Arrow)
            && arrow[Arrow.Length..].TrimStart(" \t"u8) is var second && CueTime.TryReadSubRip(ref second, out var to))
        {
            times = new Times(offset, from, to, true);
            return true;
        }

        line = line.TrimStart((byte)'-');
        var digits = line.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits > 0 && line[digits] == ':';
    }

    // Where the text of a cue ends whose successor's times begin at an offset: before the line right above, if it is a number.
    private static int BeforeNumber(ReadOnlySpan<byte> text, int content, int times)
    {
        var above = text[content..times];
        if (above.EndsWith("\n"u8))
            above = above[..^1];
        if (above.EndsWith("\r"u8))
            above = above[..^1];
        var start = above.LastIndexOfAny((byte)'\n', (byte)'\r') + 1;
        var line = above[start..].Trim(" \t"u8);
        return content + (line.IsEmpty || line.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? above.Length : start);
    }

    private readonly record struct Times(int Offset, long From, long To, bool IsReadable);
}
