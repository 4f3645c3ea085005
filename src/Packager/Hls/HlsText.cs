using Movento.Packager.Text;

namespace Movento.Packager.Hls;

/// <summary>What several playlists write the same way.</summary>
internal static class HlsText
{
    /// <summary>A quoted-string has no line breaks and no double quotes (RFC 8216bis §4.2).</summary>
    public static void WriteQuoted(ref Utf8Text text, ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny('"', '\n', '\r') is var bad and >= 0)
        {
            text.Write(value[..bad]);
            text.Write(value[bad] == '"' ? "'"u8 : " "u8);
            value = value[(bad + 1)..];
        }

        text.Write(value);
    }

    /// <summary>A point of time, rounded to microseconds.</summary>
    public static long ToMicroseconds(long ticks, uint timescale) => ticks < long.MaxValue / 1_000_000
        ? (ticks * 1_000_000 + timescale / 2) / timescale
        : (long)(((Int128)ticks * 1_000_000 + timescale / 2) / timescale);
}
