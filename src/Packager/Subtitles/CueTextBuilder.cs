using System.Buffers;
using System.Text;

namespace Movento.Packager.Subtitles;

/// <summary>
/// Builds WebVTT cue text (W3C WebVTT §4.2.2) that every parser reads alike: text is escaped, tags nest and are closed at the end, there is no blank
/// line and no control character. One is used for all cues of a track.
/// </summary>
internal sealed class CueTextBuilder
{
    // Nobody nests deeper; what does loses its further tags, not its text.
    private const int MaxDepth = 16;

    private readonly ArrayBufferWriter<byte> _text = new(256);
    private readonly List<(string Name, string Tag)> _open = [];

    // A line break that was met but not written yet: none stands at the beginning, at the end, or beside another.
    private bool _hasBreak;

    /// <summary>Begins a new text.</summary>
    public void Clear()
    {
        _text.ResetWrittenCount();
        _open.Clear();
        _hasBreak = false;
    }

    /// <summary>One character of text, or the first byte of one: escaped where it must be.</summary>
    public void Add(byte character)
    {
        switch (character)
        {
            case (byte)'\n' or (byte)'\r':
                _hasBreak = true;
                break;
            case (byte)'<':
                Write("&lt;"u8);
                break;
            case (byte)'>':
                Write("&gt;"u8);
                break;
            case (byte)'&':
                Write("&amp;"u8);
                break;
            case < 0x20 and not (byte)'\t' or 0x7F:
                break;
            default:
                Write([character]);
                break;
        }
    }

    /// <summary>Text without any of the characters that <see cref="Add(byte)"/> treats apart.</summary>
    public void AddPlain(ReadOnlySpan<byte> text) => Write(text);

    /// <summary>An ampersand: of a character reference, which stays, or by itself, which is escaped.</summary>
    /// <param name="text">From the ampersand on.</param>
    /// <returns>How many bytes were taken.</returns>
    public int AddReference(ReadOnlySpan<byte> text)
    {
        // "&thetasym;" is among the longest of those that anybody writes.
        const int MaxLength = 12;
        for (var length = 1; length < Math.Min(text.Length, MaxLength); length++)
        {
            if (text[length] == ';' && length > 2)
            {
                Write(text[..(length + 1)]);
                return length + 1;
            }

            if (!char.IsAsciiLetterOrDigit((char)text[length]) && !(length == 1 && text[length] == '#'))
                break;
        }

        Add((byte)'&');
        return 1;
    }

    /// <summary>Opens a span.</summary>
    /// <param name="name">Of the tag, such as <c>i</c>.</param>
    /// <param name="tag">What stands between the angle brackets, such as <c>v Fred</c>.</param>
    public void Open(string name, string tag)
    {
        if (_open.Count == MaxDepth)
            return;
        _open.Add((name, tag));
        WriteTag("<", tag);
    }

    /// <summary>Closes the innermost span of a name; spans inside it go on after it.</summary>
    public void Close(string name)
    {
        var at = _open.FindLastIndex(span => span.Name == name);
        if (at < 0)
            return;
        for (var index = _open.Count - 1; index >= at; index--)
            WriteTag("</", _open[index].Name);
        _open.RemoveAt(at);
        foreach (var (_, tag) in _open.Skip(at))
            WriteTag("<", tag);
    }

    /// <summary>A time inside of the text (§4.2.2, WebVTT cue timestamp).</summary>
    public void AddTimestamp(long milliseconds)
    {
        Span<byte> time = stackalloc byte[CueTime.MaxSize];
        var length = CueTime.Write(time, milliseconds);
        Write("<"u8);
        Write(time[..length]);
        Write(">"u8);
    }

    /// <summary>The text, its spans closed; empty where nothing is to be seen.</summary>
    public override string ToString()
    {
        if (_text.WrittenSpan.Trim(" \t"u8).IsEmpty)
            return "";
        _hasBreak = false;
        for (var index = _open.Count - 1; index >= 0; index--)
            WriteTag("</", _open[index].Name);
        _open.Clear();
        return Encoding.UTF8.GetString(_text.WrittenSpan);
    }

    private void WriteTag(string bracket, string tag)
    {
        // A tag does not need the line break before it yet.
        Span<byte> text = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes($"{bracket}{tag}>", text, out var length))
            Write(text[..length]);
    }

    private void Write(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return;
        if (_hasBreak && _text.WrittenCount > 0)
            _text.Write("\n"u8);
        _hasBreak = false;
        _text.Write(text);
    }
}
