using System.Globalization;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>Items of structured fields (RFC 9651) as the uploads' headers have them. A field of another form is as if it were not there.</summary>
internal static class StructuredField
{
    // RFC 9651 §3.3.1: at most 15 digits.
    private const int MaxDigits = 15;

    /// <summary>A Boolean: <c>?1</c> or <c>?0</c>.</summary>
    public static bool? Boolean(string? field) => Bare(field) switch { "?1" => true, "?0" => false, _ => null };

    /// <summary>An Integer that is not negative; tus's numbers are of the same form.</summary>
    public static long? Integer(string? field)
    {
        var text = Bare(field);
        return text.Length is > 0 and <= MaxDigits && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    // Parameters after the item mean nothing here.
    private static ReadOnlySpan<char> Bare(string? field)
    {
        var text = field.AsSpan().Trim();
        var end = text.IndexOf(';');
        return (end < 0 ? text : text[..end]).Trim();
    }
}
