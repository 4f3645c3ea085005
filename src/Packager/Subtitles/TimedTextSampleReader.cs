using System.Text;
using System.Text.Unicode;
using Movento.Packager.IsoBmff;

namespace Movento.Packager.Subtitles;

/// <summary>
/// Reads the samples of 3GPP timed text (3GPP TS 26.245 §5.17), which QuickTime and most MP4 files call subtitles: a text with its styles. What becomes
/// of it is the words, bold, italic and underlined, and whether they stand at the top; fonts, sizes and colours are the viewer's.
/// </summary>
internal sealed class TimedTextSampleReader : ITextSampleReader
{
    private const int StyleRecordSize = 12;

    // §5.16: the fields of a sample entry before the default style, and the justification among them.
    private const int VerticalJustificationPosition = 6 + 2 + 4 + 1;
    private const int DefaultStylePosition = 6 + 2 + 4 + 2 + 4 + 8;

    private readonly CueListBuilder _cues = new();
    private readonly CueTextBuilder _text = new();
    private readonly Face _default;
    private readonly string? _settings;

    /// <summary>A track with its sample entry.</summary>
    public TimedTextSampleReader(ReadOnlySpan<byte> entry)
    {
        var boxes = new BoxReader(entry);
        if (!boxes.TryReadBox(out var body))
            throw boxes.Error(MediaFormatError.Missing, "There is no sample entry.");
        var fields = body.ReadBytes(DefaultStylePosition + StyleRecordSize);
        _default = FaceOf(fields[DefaultStylePosition..]);
        // 0 is at the top, 1 in the middle, -1 at the bottom. Where the box of the text lies is the track's matter, and mostly not meant.
        _settings = (sbyte)fields[VerticalJustificationPosition] == 0 ? "line:0" : null;
    }

    [Flags]
    private enum Face : byte
    {
        Plain = 0,
        Bold = 1,
        Italic = 2,
        Underline = 4,
    }

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<byte> sample, long offset, long start, long end)
    {
        var reader = new BoxReader(sample, offset);
        if (reader.Remaining == 0)
            return;
        var text = reader.ReadBytes(reader.ReadUInt16());
        if (text.IsEmpty)
            return; // A gap.

        ReadOnlySpan<byte> styles = default;
        while (reader.TryReadBox(out var modifier))
        {
            if (modifier.Type != BoxType.Styl)
                continue;
            styles = modifier.ReadTable(modifier.ReadUInt16(), StyleRecordSize);
            break;
        }

        _cues.Add(offset, start, end, Compose(Decode(text, reader), styles), id: null, _settings, note: null);
    }

    /// <inheritdoc/>
    public SubtitleTrack ToTrack() => _cues.ToTrack([]);

    // §5.17.1: UTF-16 begins with its byte order mark, everything else is UTF-8.
    private static string Decode(ReadOnlySpan<byte> text, in BoxReader reader)
    {
        if (text.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return Encoding.BigEndianUnicode.GetString(text[2..]);
        if (text.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return Encoding.Unicode.GetString(text[2..]);
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw reader.Error(MediaFormatError.Invalid, "The text is neither UTF-16 nor UTF-8.");
    }

    // Styles name characters from one to another; they are in order and do not overlap (§5.17.1.1), and what breaks that is passed over.
    private string Compose(string text, ReadOnlySpan<byte> styles)
    {
        _text.Clear();
        var face = Face.Plain;
        var position = 0;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var character in text.EnumerateRunes())
        {
            while (!styles.IsEmpty && position >= End(styles))
                styles = styles[StyleRecordSize..];
            face = Turn(face, !styles.IsEmpty && position >= Start(styles) ? FaceOf(styles) : _default);
            var length = character.EncodeToUtf8(utf8);
            if (length == 1)
                _text.Add(utf8[0]);
            else if (character.Value is 0x2028 or 0x2029)
                _text.Add((byte)'\n');
            else
                _text.AddPlain(utf8[..length]);
            position++;
        }

        return _text.ToString();
    }

    private Face Turn(Face from, Face to)
    {
        Turn(from, to, Face.Underline, "u");
        Turn(from, to, Face.Italic, "i");
        Turn(from, to, Face.Bold, "b");
        return to;
    }

    private void Turn(Face from, Face to, Face bit, string name)
    {
        if ((from & bit) == (to & bit))
            return;
        if ((to & bit) != 0)
            _text.Open(name, name);
        else
            _text.Close(name);
    }

    private static int Start(ReadOnlySpan<byte> style) => style[0] << 8 | style[1];

    private static int End(ReadOnlySpan<byte> style) => style[2] << 8 | style[3];

    // StyleRecord: startChar, endChar, font-ID of 16 bits each, then face-style-flags.
    private static Face FaceOf(ReadOnlySpan<byte> style) => (Face)style[6] & (Face.Bold | Face.Italic | Face.Underline);
}
