using System.Buffers;
using System.Text;

namespace Movento.Packager.Subtitles;

/// <summary>
/// WebVTT cue text as it is read (W3C WebVTT §6.4, "cue text parsing rules"): spans that are known stay, other tags are left out, and an angle bracket
/// or an ampersand that begins nothing is text. So nothing that a page might take for HTML comes out.
/// </summary>
internal static class CueText
{
    // Where text stops being plain.
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [(byte)'<', (byte)'>', (byte)'&', 0x7F, .. Enumerable.Range(0, 0x20).Select(value => (byte)value)]);

    // Longer annotations than a speaker's name and his title nobody writes.
    private const int MaxTag = 200;

    /// <summary>Cleans the text of a cue.</summary>
    /// <param name="text">Lines of UTF-8.</param>
    /// <param name="builder">To be used again.</param>
    public static string Read(ReadOnlySpan<byte> text, CueTextBuilder builder)
    {
        builder.Clear();
        while (!text.IsEmpty)
        {
            var plain = PlainLength(text);
            builder.AddPlain(text[..plain]);
            text = text[plain..];
            if (text.IsEmpty)
                break;
            var taken = 1;
            if (text[0] == '&')
                taken = builder.AddReference(text);
            else if (text[0] == '<' && TagLength(text) is > 0 and var length)
                AddTag(text.Slice(1, (taken = length) - 2), builder);
            else
                builder.Add(text[0]);
            text = text[taken..];
        }

        return builder.ToString();
    }

    /// <summary>How many bytes from the front are text without meaning.</summary>
    public static int PlainLength(ReadOnlySpan<byte> text) => text.IndexOfAny(Special) is >= 0 and var length ? length : text.Length;

    /// <summary>The length of a tag with its brackets, or 0 where the bracket begins none: a tag begins with a letter, a digit or a slash, and ends.</summary>
    public static int TagLength(ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || text[1] != '/' && !char.IsAsciiLetterOrDigit((char)text[1]))
            return 0;
        return text[1..Math.Min(text.Length, MaxTag)].IndexOf((byte)'>') is > 0 and var end ? end + 2 : 0;
    }

    private static void AddTag(ReadOnlySpan<byte> tag, CueTextBuilder builder)
    {
        if (tag[0] == '/')
        {
            if (NameOf(tag[1..]) is { } closed)
                builder.Close(closed);
            return;
        }

        if (char.IsAsciiDigit((char)tag[0]))
        {
            if (CueTime.TryReadWebVtt(ref tag, out var time) && tag.IsEmpty)
                builder.AddTimestamp(time);
            return;
        }

        var end = tag.IndexOfAny(" \t\r\n\f"u8);
        var name = end < 0 ? tag : tag[..end];
        var classes = name.IndexOf((byte)'.') is >= 0 and var dot ? name[dot..] : default;
        if (NameOf(name[..^classes.Length]) is not { } known)
            return;
        var annotation = end < 0 || known is not ("v" or "lang") ? "" : Annotation(tag[end..]);
        builder.Open(known, known + Annotation(classes) + (annotation.Length > 0 ? " " : "") + annotation);
    }

    private static string? NameOf(ReadOnlySpan<byte> name) => name switch
    {
        [(byte)'b'] => "b",
        [(byte)'i'] => "i",
        [(byte)'u'] => "u",
        [(byte)'c'] => "c",
        [(byte)'v'] => "v",
        [(byte)'r', (byte)'t'] => "rt",
        _ => name.SequenceEqual("ruby"u8) ? "ruby" : name.SequenceEqual("lang"u8) ? "lang" : null,
    };

    // One line, and nothing that could begin a tag.
    private static string Annotation(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return "";
        var words = new StringBuilder();
        foreach (var character in Encoding.UTF8.GetString(text))
        {
            if (char.IsControl(character) || character == ' ')
            {
                if (words.Length > 0 && words[^1] != ' ')
                    words.Append(' ');
            }
            else if (character is not ('<' or '>'))
            {
                words.Append(character);
            }
        }

        return words.ToString().TrimEnd();
    }
}
