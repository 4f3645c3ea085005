using System.Buffers;
using System.Globalization;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery.Selection;

/// <summary>
/// What a session asks of a manifest in the query of its URL (docs/formats/urls.md): a view into the request target that allocates nothing. Names that
/// are not ours (CMCD and the like) are passed over; of ours, each may stand once, and a value that is none is an error.
/// </summary>
internal readonly ref struct ManifestQuery
{
    /// <summary>Items of a list at most.</summary>
    public const int MaxItems = 8;

    // As many lines as four digits say.
    private const int MaxDigits = 4;

    // RFC 5646 §4.4.1: the length that every implementation should take.
    private const int MaxLanguageLength = 35;
    private const int MaxSubtagLength = 8;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> LettersAndDigits = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    // The names of sample entries, before the first dot of RFC 6381's codec strings.
    private static readonly string[] PictureCodecs = ["avc1", "avc3", "hvc1", "hev1", "dvh1", "dvhe", "dva1", "dvav", "av01", "dav1", "vp08", "vp09"];
    private static readonly string[] SoundCodecs = ["mp4a", "Opus", "ac-3", "ec-3", "ac-4", "fLaC", "alac"];

    /// <summary><c>max-height</c>: lines of the highest rung at most, as RESOLUTION says them; 0 for no limit.</summary>
    public int MaxHeight { get; private init; }

    /// <summary><c>start</c>: lines of the rung to begin with; 0 where that is left to the player.</summary>
    public int Start { get; private init; }

    /// <summary><c>video-range=sdr</c>: nothing of high dynamic range.</summary>
    public bool IsSdrOnly { get; private init; }

    /// <summary><c>addressing</c>: how the manifests are to name segments; null for as the path says.</summary>
    public SegmentAddressing? Addressing { get; private init; }

    /// <summary><c>codecs</c>, as it stands in the query.</summary>
    public ReadOnlySpan<char> Codecs { get; private init; }

    /// <summary><c>audio</c>, as it stands in the query.</summary>
    public ReadOnlySpan<char> Languages { get; private init; }

    /// <summary>Whether it chooses nothing: then the manifest lists everything.</summary>
    public bool IsEmpty => MaxHeight == 0 && Start == 0 && !IsSdrOnly && Codecs.IsEmpty && Languages.IsEmpty;

    /// <summary>Reads the text between <c>?</c> and the target's end; false where a name of ours has no value that it may have, or stands twice.</summary>
    public static bool TryParse(ReadOnlySpan<char> query, out ManifestQuery parsed)
    {
        parsed = default;
        var (maxHeight, start, isSdrOnly) = (0, 0, false);
        SegmentAddressing? addressing = null;
        ReadOnlySpan<char> codecs = default, languages = default;
        while (TryTakePair(ref query, out var name, out var value))
        {
            var isGood = name switch
            {
                "max-height" => maxHeight == 0 && TryParseHeight(value, out maxHeight),
                "start" => start == 0 && TryParseHeight(value, out start),
                "video-range" => !isSdrOnly && (isSdrOnly = value is "sdr"),
                "addressing" => addressing is null && (addressing = ParseAddressing(value)) is not null,
                "codecs" => codecs.IsEmpty && IsList(codecs = value, IsCodec),
                "audio" => languages.IsEmpty && IsList(languages = value, IsLanguage),
                _ => true,
            };
            if (!isGood) return false;
        }

        parsed = new ManifestQuery
        {
            MaxHeight = maxHeight, Start = start, IsSdrOnly = isSdrOnly, Addressing = addressing, Codecs = codecs, Languages = languages,
        };
        return true;
    }

    /// <summary>Whether pictures or sound of <paramref name="codecs"/> (RFC 6381) may be listed: no codec of their kind is named, or theirs is.</summary>
    public bool AllowsCodecs(ReadOnlySpan<char> codecs, TrackKind kind)
    {
        var known = kind == TrackKind.Video ? PictureCodecs : SoundCodecs;
        var dot = codecs.IndexOf('.');
        var family = dot < 0 ? codecs : codecs[..dot];
        var isNamed = false;
        var list = Codecs;
        while (TryTakeItem(ref list, out var item))
        {
            if (item.Equals(family, StringComparison.OrdinalIgnoreCase)) return true;
            isNamed |= Contains(known, item);
        }

        return !isNamed;
    }

    /// <summary>
    /// Whether the query names a sound's language, or none at all. RFC 4647 §3.3.1: <c>en</c> stands for <c>en-GB</c> too; <c>und</c> for sound of which
    /// the language is unknown.
    /// </summary>
    public bool NamesLanguage(ReadOnlySpan<char> language)
    {
        if (language.IsEmpty) language = "und";
        var list = Languages;
        if (list.IsEmpty) return true;
        while (TryTakeItem(ref list, out var item))
        {
            if (language.StartsWith(item, StringComparison.OrdinalIgnoreCase) && (language.Length == item.Length || language[item.Length] == '-')) return true;
        }

        return false;
    }

    /// <summary>The query with what it says of the addressing taken out, with its <c>?</c> where something is left: of the URL that has that addressing.</summary>
    public static string WithoutAddressing(ReadOnlySpan<char> query)
    {
        var kept = new System.Text.StringBuilder(query.Length + 1);
        foreach (var part in query.Split('&'))
        {
            var pair = query[part];
            if (!pair.IsEmpty && !pair.StartsWith("addressing=")) kept.Append(kept.Length == 0 ? '?' : '&').Append(pair);
        }

        return kept.ToString();
    }

    private static bool TryTakePair(scoped ref ReadOnlySpan<char> query, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        name = value = default;
        if (query.IsEmpty) return false;
        var end = query.IndexOf('&');
        var pair = end < 0 ? query : query[..end];
        query = end < 0 ? default : query[(end + 1)..];
        var equals = pair.IndexOf('=');
        name = equals < 0 ? pair : pair[..equals];
        value = equals < 0 ? default : pair[(equals + 1)..];
        return true;
    }

    private static bool TryParseHeight(ReadOnlySpan<char> value, out int height)
    {
        height = 0;
        return value.Length is >= 1 and <= MaxDigits && value[0] != '0' && !value.ContainsAnyExcept(Digits)
            && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out height);
    }

    private static SegmentAddressing? ParseAddressing(ReadOnlySpan<char> value) => value switch
    {
        "segments" => SegmentAddressing.Segments,
        "ranges" => SegmentAddressing.ByteRanges,
        _ => null,
    };

    private delegate bool IsItem(ReadOnlySpan<char> item);

    // Items with commas between them, which those who build URLs by the rules of forms write as %2C.
    private static bool TryTakeItem(scoped ref ReadOnlySpan<char> list, out ReadOnlySpan<char> item)
    {
        item = default;
        if (list.IsEmpty) return false;
        var end = list.IndexOfAny(',', '%');
        item = end < 0 ? list : list[..end];
        if (end < 0)
        {
            list = default;
        }
        else if (list[end] == ',')
        {
            list = list[(end + 1)..];
        }
        else if (list[(end + 1)..].StartsWith("2c", StringComparison.OrdinalIgnoreCase))
        {
            list = list[(end + 3)..];
        }
        else
        {
            item = list;
            list = default;
        }

        return true;
    }

    private static bool IsList(ReadOnlySpan<char> list, IsItem isItem)
    {
        // Nothing after the last comma is an item that is none.
        if (list.IsEmpty || list[^1] == ',' || list.EndsWith("%2c", StringComparison.OrdinalIgnoreCase)) return false;
        var count = 0;
        while (TryTakeItem(ref list, out var item))
        {
            if (++count > MaxItems || !isItem(item)) return false;
        }

        return true;
    }

    private static bool IsCodec(ReadOnlySpan<char> item) => Contains(PictureCodecs, item) || Contains(SoundCodecs, item);

    // RFC 5646 §2.1, its shape alone.
    private static bool IsLanguage(ReadOnlySpan<char> item)
    {
        if (item.Length > MaxLanguageLength) return false;
        for (var isFirst = true; ; isFirst = false)
        {
            var end = item.IndexOf('-');
            var subtag = end < 0 ? item : item[..end];
            if (subtag.Length is < 1 or > MaxSubtagLength || (isFirst && subtag.Length < 2)) return false;
            if (subtag.ContainsAnyExcept(isFirst ? Letters : LettersAndDigits)) return false;
            if (end < 0) return true;
            item = item[(end + 1)..];
        }
    }

    private static bool Contains(string[] codecs, ReadOnlySpan<char> item)
    {
        foreach (var codec in codecs)
        {
            if (item.Equals(codec, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
