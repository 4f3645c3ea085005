namespace Movento.Edge.Observation.Playbacks;

/// <summary>Finds CMCD in the query of a request target, and takes its percent-encoding off (CTA-5004 §2.2). No allocation.</summary>
internal static class ClientDataQuery
{
    /// <summary>Characters of the value at most, decoded; the request line has at most twice as many.</summary>
    public const int MaxLength = 4096;

    private const string Name = "CMCD=";

    /// <summary>Whether <paramref name="target"/> has it; <paramref name="value"/> is still encoded.</summary>
    public static bool TryFind(ReadOnlySpan<char> target, out ReadOnlySpan<char> value)
    {
        value = default;
        var question = target.IndexOf('?');
        if (question < 0) return false;
        var query = target[(question + 1)..];
        while (true)
        {
            var end = query.IndexOf('&');
            var part = end < 0 ? query : query[..end];
            if (part.StartsWith(Name))
            {
                value = part[Name.Length..];
                return true;
            }

            if (end < 0) return false;
            query = query[(end + 1)..];
        }
    }

    /// <summary>Writes <paramref name="value"/> without its encoding; false where it is too long, or a percent sign has no two digits behind it.</summary>
    public static bool TryDecode(ReadOnlySpan<char> value, Span<char> text, out int length)
    {
        length = 0;
        for (var index = 0; index < value.Length; index++)
        {
            if (length == text.Length) return false;
            var letter = value[index];
            if (letter == '%')
            {
                if (index + 2 >= value.Length || !char.IsAsciiHexDigit(value[index + 1]) || !char.IsAsciiHexDigit(value[index + 2])) return false;
                // Octets beyond ASCII stay what they are: they only ever stand in names, which are compared and not read.
                letter = (char)((HexValue(value[index + 1]) << 4) | HexValue(value[index + 2]));
                index += 2;
            }

            text[length++] = letter;
        }

        return true;
    }

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
