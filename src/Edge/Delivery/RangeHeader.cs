using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>What a Range field asks for.</summary>
internal enum RangeRequest
{
    /// <summary>The whole: the unit is not bytes, and RFC 9110 §14.2 tells to ignore what we do not understand.</summary>
    Ignored,

    /// <summary>The ranges found.</summary>
    Satisfiable,

    /// <summary>416: well-formed, but nothing of it lies within the representation.</summary>
    Unsatisfiable,

    /// <summary>416: not a list of ranges. §14.2 lets a server ignore such a field or refuse it; a player that asked for a part would
    /// rather hear so than get the whole film.</summary>
    Malformed,

    /// <summary>416: more ranges than the edge serves at once, or more bytes than the representation has.</summary>
    Excessive,
}

/// <summary>Reads the Range field (RFC 9110 §14.1, §14.2): no exception on any input, no allocation.</summary>
internal static class RangeHeader
{
    /// <summary>
    /// Reads <paramref name="value"/> for a representation of <paramref name="length"/> bytes. <paramref name="ranges"/>, which has room
    /// for as many as one request may ask for, takes the satisfiable ones in the order asked; <paramref name="count"/> is how many, and
    /// above zero only on <see cref="RangeRequest.Satisfiable"/>.
    /// </summary>
    public static RangeRequest Parse(ReadOnlySpan<char> value, long length, Span<ByteRange> ranges, out int count)
    {
        count = 0;
        value = value.Trim(" \t");
        var equals = value.IndexOf('=');
        if (equals < 0) return RangeRequest.Malformed;
        if (!value[..equals].Equals("bytes", StringComparison.OrdinalIgnoreCase)) return RangeRequest.Ignored;

        var specifiers = value[(equals + 1)..];
        var asked = 0;
        var found = 0;
        var total = 0L;
        while (!specifiers.IsEmpty)
        {
            var comma = specifiers.IndexOf(',');
            var specifier = (comma < 0 ? specifiers : specifiers[..comma]).Trim(" \t");
            specifiers = comma < 0 ? default : specifiers[(comma + 1)..];

            // Empty elements of a list are read and ignored (§5.6.1.2); the length of a header bounds how many.
            if (specifier.IsEmpty) continue;
            if (++asked > ranges.Length) return RangeRequest.Excessive;
            if (!TryParse(specifier, length, out var range)) return RangeRequest.Malformed;
            if (range.Size == 0) continue;
            ranges[found++] = range;
            total += range.Size;
        }

        if (asked == 0) return RangeRequest.Malformed;
        if (found == 0) return RangeRequest.Unsatisfiable;

        // More than the whole: ranges that overlap, which nobody needs and which would let a small request ask for much (§17.15).
        if (total > length) return RangeRequest.Excessive;
        count = found;
        return RangeRequest.Satisfiable;
    }

    /// <summary>Reads <c>first-last</c>, <c>first-</c> or <c>-suffix</c>; the size is zero where nothing of it lies within the length.</summary>
    private static bool TryParse(ReadOnlySpan<char> specifier, long length, out ByteRange range)
    {
        range = default;
        var dash = specifier.IndexOf('-');
        if (dash < 0) return false;
        var left = specifier[..dash];
        var right = specifier[(dash + 1)..];

        if (left.IsEmpty)
        {
            if (!TryParseNumber(right, out var suffix)) return false;
            var size = Math.Min(suffix, length);
            range = new ByteRange(length - size, size);
            return true;
        }

        if (!TryParseNumber(left, out var first)) return false;
        var last = long.MaxValue;
        if (!right.IsEmpty && !TryParseNumber(right, out last)) return false;
        if (last < first) return false;
        if (first < length) range = new ByteRange(first, Math.Min(last, length - 1) - first + 1);
        return true;
    }

    /// <summary>One or more digits; what does not fit is as good as the largest that does.</summary>
    private static bool TryParseNumber(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        if (digits.IsEmpty) return false;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit)) return false;
            number = number > (long.MaxValue - 9) / 10 ? long.MaxValue : number * 10 + (digit - '0');
        }

        return true;
    }
}
