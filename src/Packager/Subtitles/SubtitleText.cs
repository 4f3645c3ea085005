using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Movento.Packager.Subtitles;

/// <summary>The lines of a text file in UTF-8: ended by CR, LF or both. The whole text is checked before the first line is read.</summary>
internal ref struct SubtitleText
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private readonly ReadOnlySpan<byte> _text;
    private int _next;

    /// <summary>A text from its first line on; a byte order mark is stepped over.</summary>
    /// <exception cref="MediaFormatException">It is too large, or not UTF-8.</exception>
    public SubtitleText(ReadOnlySpan<byte> text)
    {
        if (text.Length > SubtitleLimits.MaxSize)
            throw new MediaFormatException(MediaFormatError.TooLarge, "", 0, $"The text has {text.Length} bytes; at most {SubtitleLimits.MaxSize} are read.");
        if (text.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || text.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            throw new MediaFormatException(MediaFormatError.Unsupported, "", 0, "The text is UTF-16; UTF-8 is read.");
        if (!Utf8.IsValid(text))
            throw new MediaFormatException(MediaFormatError.Invalid, "", FirstInvalid(text), "The text is not UTF-8.");
        _text = text;
        _next = text.StartsWith(Mark) ? Mark.Length : 0;
    }

    /// <summary>The byte order mark of UTF-8.</summary>
    public static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Of the first byte of the line that comes next.</summary>
    public readonly int Offset => _next;

    /// <summary>Reads the next line, without its end.</summary>
    /// <returns>False at the end of the text.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (_next == _text.Length)
            return false;
        var rest = _text[_next..];
        var length = rest.IndexOfAny(LineEnds);
        if (length < 0)
        {
            line = rest;
            _next = _text.Length;
            return true;
        }

        line = rest[..length];
        _next += length + (rest[length..].StartsWith("\r\n"u8) ? 2 : 1);
        return true;
    }

    /// <summary>Looks at the next line and stays before it.</summary>
    public readonly bool TryPeek(out ReadOnlySpan<byte> line)
    {
        var copy = this;
        return copy.TryRead(out line);
    }

    /// <summary>Everything from an offset to the line that comes next, with the ends of its lines.</summary>
    public readonly ReadOnlySpan<byte> Since(int offset) => _text[offset.._next];

    private static long FirstInvalid(ReadOnlySpan<byte> text)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(text[offset..], out _, out var size) == OperationStatus.Done)
            offset += size;
        return offset;
    }
}
