using System.Buffers;
using Movento.Packager.Text;

namespace Movento.Packager.Dash;

/// <summary>Text in an XML document.</summary>
internal static class XmlText
{
    private static readonly SearchValues<char> NeedsEscape =
        SearchValues.Create(['<', '>', '&', '"', .. Enumerable.Range(0, ' ').Select(control => (char)control), '\uFFFE', '\uFFFF']);

    /// <summary>XML 1.0 §2.2 and §2.4: the three characters that mean something, the quote of attributes, and those that may not be there at all.</summary>
    public static void WriteEscaped(ref Utf8Text text, ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny(NeedsEscape) is var at and >= 0)
        {
            text.Write(value[..at]);
            text.Write(value[at] switch { '<' => "&lt;"u8, '>' => "&gt;"u8, '&' => "&amp;"u8, '"' => "&quot;"u8, _ => " "u8 });
            value = value[(at + 1)..];
        }

        text.Write(value);
    }
}
