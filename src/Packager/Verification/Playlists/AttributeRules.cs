using System.Buffers;
using System.Collections.Frozen;

namespace Movento.Packager.Verification.Playlists;

/// <summary>Which attributes a tag has, and of which types (RFC 8216bis §4.4).</summary>
internal static class AttributeRules
{
    private enum Kind
    {
        Integer,
        Hexadecimal,
        Float,
        SignedFloat,
        Quoted,
        Resolution,
        Enumerated,
        ByteRange,
    }

    private sealed record Attribute(string Name, Kind Kind, bool IsRequired = false, string[]? Values = null);

    private static readonly Attribute[] Variant =
    [
        new("BANDWIDTH", Kind.Integer, true), new("AVERAGE-BANDWIDTH", Kind.Integer), new("SCORE", Kind.Float), new("CODECS", Kind.Quoted),
        new("SUPPLEMENTAL-CODECS", Kind.Quoted), new("RESOLUTION", Kind.Resolution),
        new("HDCP-LEVEL", Kind.Enumerated, Values: ["TYPE-0", "TYPE-1", "NONE"]), new("ALLOWED-CPC", Kind.Quoted),
        new("VIDEO-RANGE", Kind.Enumerated, Values: ["SDR", "HLG", "PQ"]), new("REQ-VIDEO-LAYOUT", Kind.Quoted),
        new("STABLE-VARIANT-ID", Kind.Quoted), new("VIDEO", Kind.Quoted), new("PATHWAY-ID", Kind.Quoted),
    ];

    private static readonly Attribute[] Key =
    [
        new("METHOD", Kind.Enumerated, true, ["NONE", "AES-128", "SAMPLE-AES", "SAMPLE-AES-CTR"]), new("URI", Kind.Quoted), new("IV", Kind.Hexadecimal),
        new("KEYFORMAT", Kind.Quoted), new("KEYFORMATVERSIONS", Kind.Quoted),
    ];

    private static readonly string[] YesOrNo = ["YES", "NO"];

    private static readonly FrozenDictionary<string, Attribute[]> Tags = new Dictionary<string, Attribute[]>
    {
        ["EXT-X-STREAM-INF"] =
        [
            .. Variant, new("FRAME-RATE", Kind.Float), new("AUDIO", Kind.Quoted), new("SUBTITLES", Kind.Quoted),
        ], // CLOSED-CAPTIONS is a group's name in quotes, or NONE without.
        ["EXT-X-I-FRAME-STREAM-INF"] = [.. Variant, new("URI", Kind.Quoted, true)],
        ["EXT-X-MEDIA"] =
        [
            new("TYPE", Kind.Enumerated, true, ["AUDIO", "VIDEO", "SUBTITLES", "CLOSED-CAPTIONS"]), new("URI", Kind.Quoted), new("GROUP-ID", Kind.Quoted, true),
            new("LANGUAGE", Kind.Quoted), new("ASSOC-LANGUAGE", Kind.Quoted), new("NAME", Kind.Quoted, true), new("STABLE-RENDITION-ID", Kind.Quoted),
            new("DEFAULT", Kind.Enumerated, Values: YesOrNo), new("AUTOSELECT", Kind.Enumerated, Values: YesOrNo),
            new("FORCED", Kind.Enumerated, Values: YesOrNo), new("INSTREAM-ID", Kind.Quoted), new("BIT-DEPTH", Kind.Integer),
            new("SAMPLE-RATE", Kind.Integer), new("CHARACTERISTICS", Kind.Quoted), new("CHANNELS", Kind.Quoted),
        ],
        ["EXT-X-KEY"] = Key,
        ["EXT-X-SESSION-KEY"] = Key,
        ["EXT-X-MAP"] = [new("URI", Kind.Quoted, true), new("BYTERANGE", Kind.ByteRange)],
        ["EXT-X-START"] = [new("TIME-OFFSET", Kind.SignedFloat, true), new("PRECISE", Kind.Enumerated, Values: YesOrNo)],
        ["EXT-X-SESSION-DATA"] = [new("DATA-ID", Kind.Quoted, true), new("VALUE", Kind.Quoted), new("URI", Kind.Quoted), new("LANGUAGE", Kind.Quoted), new("FORMAT", Kind.Enumerated, Values: ["JSON", "RAW"])],
        ["EXT-X-DATERANGE"] =
        [
            new("ID", Kind.Quoted, true), new("CLASS", Kind.Quoted), new("START-DATE", Kind.Quoted, true), new("CUE", Kind.Quoted), new("END-DATE", Kind.Quoted),
            new("DURATION", Kind.Float), new("PLANNED-DURATION", Kind.Float), new("SCTE35-CMD", Kind.Hexadecimal), new("SCTE35-OUT", Kind.Hexadecimal),
            new("SCTE35-IN", Kind.Hexadecimal), new("END-ON-NEXT", Kind.Enumerated, Values: ["YES"]),
        ],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] ForbiddenForIFrames = ["FRAME-RATE", "AUDIO", "SUBTITLES", "CLOSED-CAPTIONS"];

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Holds a list against its tag.</summary>
    public static void Check(string tag, AttributeList list, FindingLocation location, Findings findings)
    {
        if (!Tags.TryGetValue(tag, out var attributes))
            return;
        foreach (var attribute in attributes)
        {
            if (list.TryGet(attribute.Name, out var value))
                CheckValue(tag, attribute, value, location, findings);
            else if (attribute.IsRequired)
                findings.Add(VerificationRule.HlsAttributeMissing, location, $"{tag} has no {attribute.Name}.");
        }

        switch (tag)
        {
            case "EXT-X-STREAM-INF":
                if (list.TryGet("CLOSED-CAPTIONS", out var captions) && !captions.IsQuoted && captions.Text != "NONE")
                    findings.Add(VerificationRule.HlsAttributeValue, location, "CLOSED-CAPTIONS is neither a quoted string nor NONE.");
                break;
            case "EXT-X-I-FRAME-STREAM-INF":
                foreach (var name in ForbiddenForIFrames)
                {
                    // Shaka Packager says CLOSED-CAPTIONS=NONE here, which hurts nobody.
                    if (list.TryGet(name, out var forbidden))
                        findings.Add(
                            VerificationRule.HlsAttributeForbidden, location, $"{name} may not stand in {tag}.",
                            name == "CLOSED-CAPTIONS" && forbidden.Text == "NONE" ? Severity.Warning : null);
                }

                break;
            case "EXT-X-MEDIA":
                CheckMedia(list, location, findings);
                break;
            case "EXT-X-KEY" or "EXT-X-SESSION-KEY":
                CheckKey(tag, list, location, findings);
                break;
        }
    }

    // §4.4.6.1
    private static void CheckMedia(AttributeList list, FindingLocation location, Findings findings)
    {
        var type = list.Text("TYPE");
        var hasAddress = list.TryGet("URI", out _);
        var hasInstream = list.TryGet("INSTREAM-ID", out _);
        if (type == "CLOSED-CAPTIONS" && hasAddress)
            findings.Add(VerificationRule.HlsAttributeForbidden, location, "Closed captions lie in the pictures: URI may not stand here.");
        if (type == "CLOSED-CAPTIONS" && !hasInstream)
            findings.Add(VerificationRule.HlsAttributeMissing, location, "Closed captions have no INSTREAM-ID.");
        if (type == "SUBTITLES" && !hasAddress)
            findings.Add(VerificationRule.HlsAttributeMissing, location, "Subtitles have no URI.");
        if (type != "SUBTITLES" && list.Is("FORCED", "YES"))
            findings.Add(VerificationRule.HlsGroupDefault, location, "FORCED is only for subtitles.");
        if (list.Is("DEFAULT", "YES") && list.Is("AUTOSELECT", "NO"))
            findings.Add(VerificationRule.HlsGroupDefault, location, "The default has AUTOSELECT=NO; with DEFAULT=YES it is YES, or not there.");
        if (type == "AUDIO" && !list.TryGet("CHANNELS", out _))
            findings.Add(VerificationRule.HlsAttributeMissing, location, "Sound should say its CHANNELS.", Severity.Warning);
    }

    // §4.4.4.4
    private static void CheckKey(string tag, AttributeList list, FindingLocation location, Findings findings)
    {
        if (list.Is("METHOD", "NONE"))
        {
            if (tag == "EXT-X-SESSION-KEY" || list.All.Any(attribute => attribute.Key != "METHOD"))
                findings.Add(VerificationRule.HlsAttributeForbidden, location, "METHOD=NONE stands alone, and not in a session key.");
        }
        else if (!list.TryGet("URI", out _))
        {
            findings.Add(VerificationRule.HlsAttributeMissing, location, $"{tag} has no URI.");
        }
    }

    private static void CheckValue(string tag, Attribute attribute, AttributeValue value, FindingLocation location, Findings findings)
    {
        var text = value.Text;
        var isQuotedKind = attribute.Kind is Kind.Quoted or Kind.ByteRange;
        if (isQuotedKind != value.IsQuoted)
        {
            findings.Add(
                VerificationRule.HlsAttributeValue, location,
                isQuotedKind ? $"{attribute.Name} of {tag} wants quotes." : $"{attribute.Name}=\"{text}\" of {tag} has quotes, which do not belong there.");
            return;
        }

        var isGood = attribute.Kind switch
        {
            Kind.Integer => text.Length is > 0 and <= 20 && !text.AsSpan().ContainsAnyExceptInRange('0', '9'),
            Kind.Hexadecimal => text.Length > 2 && text[0] == '0' && text[1] is 'x' or 'X' && !text.AsSpan(2).ContainsAnyExcept(Hexadecimal),
            Kind.Float => IsNumber(text),
            Kind.SignedFloat => IsNumber(text.StartsWith('-') ? text.AsSpan(1) : text),
            Kind.Resolution => text.IndexOf('x', StringComparison.Ordinal) is var cross and > 0 && IsInteger(text.AsSpan(0, cross)) && IsInteger(text.AsSpan(cross + 1)),
            Kind.Enumerated => attribute.Values!.Contains(text) || text.StartsWith("REQ-", StringComparison.Ordinal),
            Kind.ByteRange => PlaylistLine.TryReadByteRange(text, out _, out _),
            _ => true,
        };
        if (!isGood)
            findings.Add(
                VerificationRule.HlsAttributeValue, location,
                $"{attribute.Name}={text} of {tag} is not {(attribute.Values is { } values ? string.Join(" or ", values) : $"a {attribute.Kind} value")}.");
    }

    private static bool IsInteger(ReadOnlySpan<char> text) => text.Length is > 0 and <= 9 && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        var point = text.IndexOf('.');
        return point < 0 ? IsInteger(text) : IsInteger(text[..point]) && text[(point + 1)..] is { Length: > 0 } rest && !rest.ContainsAnyExceptInRange('0', '9');
    }
}
