using System.Buffers.Text;
using System.Text;

namespace Movento.Packager.Subtitles;

/// <summary>
/// The text of a SubRip cue, as players know it: <c>b</c>, <c>i</c>, <c>u</c> and <c>font</c> tags, and of SubStation Alpha's overrides in braces those
/// that are seen outside of it. Every other angle bracket is text.
/// </summary>
internal static class SubRipText
{
    // "{\an8\fad(200,200)…}": longer ones are drawings, which are no text either.
    private const int MaxOverride = 4096;

    /// <summary>Reads the text of a cue.</summary>
    /// <param name="text">Lines of UTF-8.</param>
    /// <param name="builder">To be used again.</param>
    /// <param name="settings">Of the cue, where an override says where it stands.</param>
    public static string Read(ReadOnlySpan<byte> text, CueTextBuilder builder, out string? settings)
    {
        builder.Clear();
        settings = null;
        while (!text.IsEmpty)
        {
            var plain = CueText.PlainLength(text);
            if (text.IndexOf((byte)'{') is >= 0 and var brace && brace < plain)
                plain = brace;
            builder.AddPlain(text[..plain]);
            text = text[plain..];
            if (text.IsEmpty)
                break;
            var taken = 1;
            if (text[0] == '&')
                taken = builder.AddReference(text);
            else if (text[0] == '<' && CueText.TagLength(text) is > 0 and var length && TryAddTag(text.Slice(1, length - 2), builder))
                taken = length;
            else if (text.StartsWith("{\\"u8) && text[..Math.Min(text.Length, MaxOverride)].IndexOf((byte)'}') is > 0 and var end)
                AddOverrides(text[2..(taken = end + 1)].TrimEnd((byte)'}'), builder, ref settings);
            else if (text[0] == '{')
                builder.AddPlain("{"u8);
            else
                builder.Add(text[0]);
            text = text[taken..];
        }

        return builder.ToString();
    }

    private static bool TryAddTag(ReadOnlySpan<byte> tag, CueTextBuilder builder)
    {
        var isEnd = tag[0] == '/';
        var word = (isEnd ? tag[1..] : tag).Trim(" \t"u8);
        var end = word.IndexOfAny(" \t\r\n"u8);
        var name = end < 0 ? word : word[..end];
        string? known = null;
        if (name.Length == 1)
            known = (name[0] | 0x20) switch { 'b' => "b", 'i' => "i", 'u' => "u", 's' => "", _ => null };
        else if (Ascii.EqualsIgnoreCase(name, "font"u8))
            known = "c";
        if (known is null)
            return false;
        if (known.Length == 0)
            return true; // Struck out: WebVTT has nothing like it.
        if (isEnd)
            builder.Close(known);
        else
            builder.Open(known, known == "c" ? Colour(tag) : known);
        return true;
    }

    // The classes that every WebVTT renderer knows (W3C WebVTT §5.1, default text colours); another colour is left to the viewer's own.
    private static string Colour(ReadOnlySpan<byte> tag)
    {
        var at = tag.IndexOf("color"u8);
        if (at < 0)
            at = tag.IndexOf("COLOR"u8);
        if (at < 0)
            return "c";
        var value = tag[(at + 5)..].Trim(" =\"'\t"u8);
        var end = value.IndexOfAny(" \"'\t"u8);
        if (end >= 0)
            value = value[..end];
        if (value.StartsWith("#"u8))
            value = value[1..];
        Span<byte> lower = stackalloc byte[8];
        if (value.Length > lower.Length || Ascii.ToLower(value, lower, out var length) != System.Buffers.OperationStatus.Done)
            return "c";
        return Encoding.ASCII.GetString(lower[..length]) switch
        {
            "white" or "ffffff" => "c.white",
            "lime" or "00ff00" => "c.lime",
            "cyan" or "aqua" or "00ffff" => "c.cyan",
            "red" or "ff0000" => "c.red",
            "yellow" or "ffff00" => "c.yellow",
            "magenta" or "fuchsia" or "ff00ff" => "c.magenta",
            "blue" or "0000ff" => "c.blue",
            "black" or "000000" => "c.black",
            _ => "c",
        };
    }

    private static void AddOverrides(ReadOnlySpan<byte> overrides, CueTextBuilder builder, ref string? settings)
    {
        foreach (var range in overrides.Split((byte)'\\'))
        {
            var word = overrides[range];
            if (word.StartsWith("an"u8) && Utf8Parser.TryParse(word[2..], out int place, out _))
                settings ??= Settings(place);
            else if (word is [(byte)'b' or (byte)'i' or (byte)'u', >= (byte)'0' and <= (byte)'1'])
                Switch(((char)word[0]).ToString(), word[1] == '1', builder);
        }
    }

    private static void Switch(string name, bool isOn, CueTextBuilder builder)
    {
        if (isOn)
            builder.Open(name, name);
        else
            builder.Close(name);
    }

    // As the keys lie on a number pad: 1 is at the bottom left, 9 at the top right.
    private static string? Settings(int place)
    {
        if (place is < 1 or > 9)
            return null;
        var line = ((place - 1) / 3) switch { 0 => null, 1 => "line:50%", _ => "line:0" };
        var align = ((place - 1) % 3) switch { 0 => "align:start", 1 => null, _ => "align:end" };
        return line is null ? align : align is null ? line : $"{line} {align}";
    }
}
