using System.Globalization;

namespace Movento.Edge.Observation.Playbacks;

/// <summary>
/// Reads CMCD as players send it: a list of <c>key</c> and <c>key=value</c> with commas between, in a query, in header fields, or a line of a report. Values
/// are those of structured fields (RFC 9651): numbers, strings, tokens, and inner lists with parameters (version 2). Unknown keys are passed over, and so
/// is the value of a known one that is of the wrong kind. No exception on any input, no allocation.
/// </summary>
internal static class ClientDataReader
{
    /// <summary>Characters of a session id at most (CTA-5004 §3, <c>sid</c>).</summary>
    private const int MaxSessionId = 64;

    // More than any of the numbers means; no sum of them comes near to overflowing.
    private const double MaxNumber = 1L << 45;

    /// <summary>Adds what <paramref name="text"/> says to <paramref name="data"/>; false from where it is no such list.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, ref ClientData data)
    {
        while (true)
        {
            text = text.TrimStart(" \t,");
            if (text.IsEmpty) return true;
            var end = text.IndexOfAny('=', ',');
            var key = (end < 0 ? text : text[..end]).TrimEnd(" \t");
            if (key.IsEmpty || key.ContainsAny(" \"()")) return false;
            if (end < 0 || text[end] == ',')
            {
                SetFlag(key, ref data);
                text = end < 0 ? default : text[end..];
                continue;
            }

            text = text[(end + 1)..].TrimStart(" \t");
            if (!TryTakeValue(ref text, out var value)) return false;
            Set(key, value, ref data);
            text = text.TrimStart(" \t");
            if (!text.IsEmpty && text[0] != ',') return false;
        }
    }

    /// <summary>Sets what <paramref name="key"/> names to a number; nothing where it is none of ours.</summary>
    public static void SetNumber(ReadOnlySpan<char> key, double number, ref ClientData data)
    {
        if (number is not (>= 0 and <= MaxNumber)) return;
        var whole = (long)number;
        switch (key)
        {
            case "v": data.Version = whole; break;
            case "br": data.Bitrate = whole; break;
            case "ab": data.Bitrate = data.Bitrate == ClientData.Unsaid ? whole : data.Bitrate; break;
            case "tb": data.TopBitrate = whole; break;
            case "tab": data.TopBitrate = data.TopBitrate == ClientData.Unsaid ? whole : data.TopBitrate; break;
            case "d": data.Duration = whole; break;
            case "bl": data.BufferLength = whole; break;
            case "mtp": data.Throughput = whole; break;
            case "bsd": data.StarvationDuration = whole; break;
            case "msd": data.StartDelay = whole; break;
            case "ts": data.Timestamp = whole; break;
            case "bsa": data.Starvations = whole; break;
            case "bsda": data.StarvationsDuration = whole; break;
            case "dfa": data.DroppedFrames = whole; break;
        }
    }

    /// <summary>As <see cref="SetNumber"/>, a flag that is up.</summary>
    public static void SetFlag(ReadOnlySpan<char> key, ref ClientData data)
    {
        switch (key)
        {
            case "bs": data.IsStarved = true; break;
            case "su": data.IsStartup = true; break;
        }
    }

    /// <summary>As <see cref="SetNumber"/>, a string or a token.</summary>
    public static void SetText(ReadOnlySpan<char> key, ReadOnlySpan<char> text, ref ClientData data)
    {
        switch (key)
        {
            case "sid" when text.Length is >= 1 and <= MaxSessionId: data.SessionId = text; break;
            case "ot": data.ObjectType = text is "v" or "av" ? ObjectType.Video : text is "a" ? ObjectType.Audio : ObjectType.Other; break;
            case "sf" when text.Length == 1: data.StreamingFormat = text[0]; break;
            case "st" when text.Length == 1: data.StreamType = text[0]; break;
            case "sta" when text.Length == 1: data.State = text[0]; break;
            case "ec": data.HasError = true; break;
        }
    }

    private static void Set(ReadOnlySpan<char> key, ReadOnlySpan<char> value, ref ClientData data)
    {
        // Of an inner list, the pictures' value where one is marked so, else the first: (3200;v 128;a).
        if (!value.IsEmpty && value[0] == '(') value = Choose(value[1..^1]);
        if (value.IsEmpty) return;
        if (value[0] == '"') SetText(key, value[1..^1], ref data);
        else if (value is "?1") SetFlag(key, ref data);
        else if (double.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            SetNumber(key, number, ref data);
        else SetText(key, value, ref data);
    }

    private static ReadOnlySpan<char> Choose(ReadOnlySpan<char> items)
    {
        ReadOnlySpan<char> first = default;
        while (true)
        {
            items = items.TrimStart(' ');
            if (items.IsEmpty || !TryTakeItem(ref items, out var item, out var isOfVideo)) return first;
            if (isOfVideo) return item;
            if (first.IsEmpty) first = item;
        }
    }

    /// <summary>Takes a whole value with its parameters; an inner list with its brackets.</summary>
    private static bool TryTakeValue(scoped ref ReadOnlySpan<char> text, out ReadOnlySpan<char> value)
    {
        value = default;
        if (text.IsEmpty) return false;
        if (text[0] != '(') return TryTakeItem(ref text, out value, out _);

        // The closing bracket is the first one that is not within a string.
        var isString = false;
        for (var index = 1; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '\\' when isString: index++; break;
                case '"': isString = !isString; break;
                case ')' when !isString:
                    value = text[..(index + 1)];
                    text = text[(index + 1)..];
                    return TryTakeParameters(ref text, out _);
            }
        }

        return false;
    }

    private static bool TryTakeItem(scoped ref ReadOnlySpan<char> text, out ReadOnlySpan<char> item, out bool isOfVideo)
    {
        isOfVideo = false;
        return TryTakeBare(ref text, out item) && TryTakeParameters(ref text, out isOfVideo);
    }

    /// <summary>A string in its quotes, a number or a token.</summary>
    private static bool TryTakeBare(scoped ref ReadOnlySpan<char> text, out ReadOnlySpan<char> item)
    {
        item = default;
        if (text.IsEmpty) return false;
        var length = 1;
        if (text[0] == '"')
        {
            while (length < text.Length && text[length] != '"') length += text[length] == '\\' ? 2 : 1;
            if (length >= text.Length) return false;
            length++;
        }
        else
        {
            var end = text.IndexOfAny(",; )\"");
            length = end < 0 ? text.Length : end;
            if (length == 0) return false;
        }

        item = text[..length];
        text = text[length..];
        return true;
    }

    private static bool TryTakeParameters(scoped ref ReadOnlySpan<char> text, out bool isOfVideo)
    {
        isOfVideo = false;
        while (!text.IsEmpty && text[0] == ';')
        {
            text = text[1..].TrimStart(' ');
            var end = text.IndexOfAny("=;, )");
            var key = end < 0 ? text : text[..end];
            if (key is "v" or "av") isOfVideo = true;
            text = end < 0 ? default : text[end..];
            if (text.IsEmpty || text[0] != '=') continue;
            text = text[1..];
            if (!TryTakeBare(ref text, out _)) return false;
        }

        return true;
    }
}
