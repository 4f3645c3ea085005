using System.Globalization;
using System.Text;

namespace Movento.Packager.Verification.Playlists;

/// <summary>A line of a playlist that says something (RFC 8216bis §4.1): a tag with what stands behind its colon, or an address.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Tag">Without its number sign; empty for an address.</param>
/// <param name="Value">Behind the colon, or the address.</param>
internal readonly record struct PlaylistLine(int Number, string Tag, string Value)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines of a playlist; comments and empty lines are left out.</summary>
    /// <returns>Null where this is no playlist.</returns>
    public static List<PlaylistLine>? ReadAll(ReadOnlySpan<byte> bytes, string address, Findings findings)
    {
        const int MaxLines = 300_000; // four lines for each segment of the longest playlist
        if (bytes.StartsWith("\xEF\xBB\xBF"u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            findings.Add(VerificationRule.HlsText, new FindingLocation(address, 1), "The playlist begins with a byte order mark.");
            bytes = bytes[3..];
        }

        var lines = new List<PlaylistLine>();
        for (var number = 1; !bytes.IsEmpty; number++)
        {
            var end = bytes.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (line.EndsWith("\r"u8))
                line = line[..^1];
            if (number == 1 && !line.SequenceEqual("#EXTM3U"u8))
            {
                findings.Add(VerificationRule.HlsHeader, new FindingLocation(address, 1), "The first line is not #EXTM3U.");
                return null;
            }

            if (line.IsEmpty || number == 1 || line[0] == '#' && !line.StartsWith("#EXT"u8))
                continue;
            if (lines.Count == MaxLines)
            {
                findings.Add(VerificationRule.SourceLimit, new FindingLocation(address, number), $"The playlist has more than {MaxLines} lines.");
                return null;
            }

            string text;
            try
            {
                text = Strict.GetString(line);
            }
            catch (DecoderFallbackException)
            {
                findings.Add(VerificationRule.HlsText, new FindingLocation(address, number), "The line is not UTF-8.");
                continue;
            }

            if (text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
                findings.Add(VerificationRule.HlsText, new FindingLocation(address, number), "The line has a control character.");
            if (text[0] != '#')
            {
                lines.Add(new PlaylistLine(number, "", text));
                continue;
            }

            var colon = text.IndexOf(':', StringComparison.Ordinal);
            lines.Add(colon < 0 ? new PlaylistLine(number, text[1..], "") : new PlaylistLine(number, text[1..colon], text[(colon + 1)..]));
        }

        if (lines.Count > 0)
            return lines;
        findings.Add(VerificationRule.HlsTag, new FindingLocation(address, 1), "The playlist is empty.");
        return null;
    }

    /// <summary>EXT-X-BYTERANGE's <c>n[@o]</c> (§4.4.4.2).</summary>
    public static bool TryReadByteRange(ReadOnlySpan<char> text, out long size, out long? offset)
    {
        (size, offset) = (0, null);
        var at = text.IndexOf('@');
        if (at < 0)
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size);
        if (!long.TryParse(text[..at], NumberStyles.None, CultureInfo.InvariantCulture, out size)
            || !long.TryParse(text[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var start))
            return false;
        offset = start;
        return true;
    }
}
