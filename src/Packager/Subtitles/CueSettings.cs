using System.Buffers;
using System.Text;

namespace Movento.Packager.Subtitles;

/// <summary>What stands after a cue's times (W3C WebVTT §4.4): settings that are known, each once, with values that have their shape.</summary>
internal static class CueSettings
{
    private static readonly SearchValues<byte> Values = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789%.,-"u8);

    /// <summary>The settings, one space between them; null for none.</summary>
    public static string? Read(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)':') < 0)
            return null;
        var kept = new StringBuilder();
        var seen = 0;
        foreach (var range in text.SplitAny((byte)' ', (byte)'\t'))
        {
            var setting = text[range];
            var colon = setting.IndexOf((byte)':');
            if (colon <= 0 || IndexOf(setting[..colon]) is not (>= 0 and var index) || (seen & 1 << index) != 0)
                continue;
            var value = setting[(colon + 1)..];
            // A region's id is its author's word; every other value is of a small alphabet.
            if (value.IsEmpty || value.Length > 64 || (index == 5 ? value.IndexOf("-->"u8) >= 0 : value.ContainsAnyExcept(Values)))
                continue;
            seen |= 1 << index;
            if (kept.Length > 0)
                kept.Append(' ');
            kept.Append(Encoding.UTF8.GetString(setting));
        }

        return kept.Length == 0 ? null : kept.ToString();
    }

    private static int IndexOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("vertical"u8) ? 0 : name.SequenceEqual("line"u8) ? 1 : name.SequenceEqual("position"u8) ? 2
        : name.SequenceEqual("size"u8) ? 3 : name.SequenceEqual("align"u8) ? 4 : name.SequenceEqual("region"u8) ? 5 : -1;
}
