using System.Collections.Immutable;
using System.Text;

namespace Movento.Packager.Subtitles;

/// <summary>
/// Reads WebVTT by the rules of W3C WebVTT §6.1: the signature must be there, and what is not a cue after it is stepped over. UTF-8 alone: where the
/// standard puts U+FFFD, a wrong encoding is an error here, while its author can still mend it.
/// </summary>
internal static class WebVttReader
{
    private static ReadOnlySpan<byte> Signature => "WEBVTT"u8;

    private static ReadOnlySpan<byte> Arrow => "-->"u8;

    /// <summary>Whether the text says that it is WebVTT.</summary>
    public static bool IsWebVtt(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith(SubtitleText.Mark))
            text = text[SubtitleText.Mark.Length..];
        return text.StartsWith(Signature) && (text.Length == Signature.Length || text[Signature.Length] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r');
    }

    /// <summary>Reads a whole text.</summary>
    /// <exception cref="MediaFormatException">It is not WebVTT, not UTF-8, or above <see cref="SubtitleLimits"/>.</exception>
    public static SubtitleTrack Read(ReadOnlySpan<byte> text)
    {
        var lines = new SubtitleText(text);
        if (!IsWebVtt(text))
            throw new MediaFormatException(MediaFormatError.Invalid, "", lines.Offset, "The text does not begin with WEBVTT.");

        // :: Step 1 — the header: the signature's line, and what may stand below it (§6.1 steps 3 to 11)
        lines.TryRead(out _);
        while (lines.TryPeek(out var header) && !header.IsEmpty && header.IndexOf(Arrow) < 0)
            lines.TryRead(out _);

        // :: Step 2 — the blocks, with a blank line between them
        var cues = new CueListBuilder();
        var builder = new CueTextBuilder();
        var blocks = ImmutableArray.CreateBuilder<string>();
        var blocksSize = 0;
        string? note = null;
        while (lines.TryRead(out var line))
        {
            if (line.IsEmpty)
                continue;
            var start = lines.Offset;
            ReadOnlySpan<byte> id = default;
            if (line.IndexOf(Arrow) < 0)
            {
                if (!lines.TryPeek(out var second) || second.IndexOf(Arrow) < 0)
                {
                    var content = ReadUntilBlank(ref lines);
                    switch (KindOf(line))
                    {
                        case BlockKind.Note:
                            note = Note(line, content);
                            break;
                        case BlockKind.Definition when cues.Count == 0:
                            blocksSize += line.Length + content.Length;
                            if (blocksSize > SubtitleLimits.MaxBlocksSize)
                                throw new MediaFormatException(MediaFormatError.TooLarge, "", start, $"The STYLE and REGION blocks have more than {SubtitleLimits.MaxBlocksSize} bytes.");
                            blocks.Add(Block(line, content));
                            break;
                        default:
                            cues.Skip();
                            break;
                    }

                    continue;
                }

                id = line;
                lines.TryRead(out line);
            }

            // :: A cue
            var hasTimes = TryReadTimes(line, out var from, out var to, out var settings);
            var payload = ReadUntilBlank(ref lines);
            if (hasTimes && payload.Length <= SubtitleLimits.MaxCueSize)
                cues.Add(start, from, to, CueText.Read(payload, builder), Id(id), CueSettings.Read(settings), note);
            else
                cues.Skip();
            note = null;
        }

        return cues.ToTrack(blocks.DrainToImmutable());
    }

    /// <summary>The STYLE and REGION blocks of a text that holds no cues: the configuration of a wvtt track.</summary>
    public static ImmutableArray<string> ReadBlocks(ReadOnlySpan<byte> text) => IsWebVtt(text) ? Read(text).Blocks : [];

    private static bool TryReadTimes(ReadOnlySpan<byte> line, out long from, out long to, out ReadOnlySpan<byte> settings)
    {
        (from, to) = (0, 0);
        settings = default;
        line = line.TrimStart(" \t\f"u8);
        if (!CueTime.TryReadWebVtt(ref line, out from))
            return false;
        line = line.TrimStart(" \t\f"u8);
        if (!line.StartsWith(Arrow))
            return false;
        line = line[Arrow.Length..].TrimStart(" \t\f"u8);
        if (!CueTime.TryReadWebVtt(ref line, out to))
            return false;
        settings = line;
        return true;
    }

    // To the blank line, which is taken, or to the times of a cue, which are not (§6.1, "collect a WebVTT block").
    private static ReadOnlySpan<byte> ReadUntilBlank(ref SubtitleText lines)
    {
        var start = lines.Offset;
        while (lines.TryPeek(out var line) && line.IndexOf(Arrow) < 0)
        {
            lines.TryRead(out _);
            if (line.IsEmpty)
                break;
        }

        return lines.Since(start);
    }

    private static BlockKind KindOf(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("NOTE"u8) && (line.Length == 4 || line[4] is (byte)' ' or (byte)'\t'))
            return BlockKind.Note;
        line = line.TrimEnd(" \t\f"u8);
        return line.SequenceEqual("STYLE"u8) || line.SequenceEqual("REGION"u8) ? BlockKind.Definition : BlockKind.Unknown;
    }

    private static string? Id(ReadOnlySpan<byte> line) =>
        line.IsEmpty || line.Length > SubtitleLimits.MaxCueSize ? null : Encoding.UTF8.GetString(line).Replace('\0', '\uFFFD');

    private static string? Note(ReadOnlySpan<byte> line, ReadOnlySpan<byte> content)
    {
        var note = Normalize($"{Encoding.UTF8.GetString(line[4..]).Trim()}\n{Encoding.UTF8.GetString(content)}");
        return note.Length == 0 ? null : note;
    }

    private static string Block(ReadOnlySpan<byte> line, ReadOnlySpan<byte> content) =>
        Normalize($"{Encoding.UTF8.GetString(line)}\n{Encoding.UTF8.GetString(content)}");

    private static string Normalize(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\0', '\uFFFD').Trim('\n');

    private enum BlockKind
    {
        Unknown,
        Note,
        Definition,
    }
}
