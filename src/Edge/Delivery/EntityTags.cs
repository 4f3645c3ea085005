namespace Movento.Edge.Delivery;

/// <summary>Comparisons of entity tags in request headers with the one a representation has (RFC 9110 §8.8.3).</summary>
internal static class EntityTags
{
    /// <summary>Whether a list of If-Match or If-None-Match, or <c>*</c>, names <paramref name="etag"/>, which is strong.</summary>
    /// <param name="list">The field's value.</param>
    /// <param name="etag">In its quotes.</param>
    /// <param name="weak">Whether a weak tag of the list may match (§8.8.3.2: for If-None-Match it may, for If-Match not).</param>
    public static bool Match(ReadOnlySpan<char> list, ReadOnlySpan<char> etag, bool weak)
    {
        if (list.Trim(" \t").SequenceEqual("*")) return true;
        while (true)
        {
            list = list.TrimStart(" \t,");
            if (list.IsEmpty) return false;
            var isWeak = list.StartsWith("W/");
            if (isWeak) list = list[2..];

            // A tag may hold commas, so its end is its closing quote. What is not a list of tags names nothing from there on.
            if (list.IsEmpty || list[0] != '"') return false;
            var end = list[1..].IndexOf('"');
            if (end < 0) return false;
            var tag = list[..(end + 2)];
            if ((weak || !isWeak) && tag.SequenceEqual(etag)) return true;
            list = list[tag.Length..];
        }
    }

    /// <summary>Whether If-Range lets the Range count: only a strong tag that matches does. Versions carry no modification date,
    /// so a date never does (§13.1.5).</summary>
    public static bool AllowRange(ReadOnlySpan<char> ifRange, ReadOnlySpan<char> etag) => ifRange.Trim(" \t").SequenceEqual(etag);
}
