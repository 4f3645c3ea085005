using System.Collections.Frozen;

namespace Movento.Ingest.Probe;

/// <summary>Languages: from the ISO 639-2 codes that containers hold to the BCP 47 tags that manifests hold (RFC 5646 §2.2.1).</summary>
internal static class LanguageTag
{
    private static readonly FrozenDictionary<string, (string Tag, string Name)> Known = new Dictionary<string, (string, string)>
    {
        ["ara"] = ("ar", "العربية"), ["bul"] = ("bg", "Български"), ["cat"] = ("ca", "Català"), ["ces"] = ("cs", "Čeština"), ["cze"] = ("cs", "Čeština"),
        ["chi"] = ("zh", "中文"), ["zho"] = ("zh", "中文"), ["dan"] = ("da", "Dansk"), ["deu"] = ("de", "Deutsch"), ["ger"] = ("de", "Deutsch"),
        ["dut"] = ("nl", "Nederlands"), ["nld"] = ("nl", "Nederlands"), ["ell"] = ("el", "Ελληνικά"), ["gre"] = ("el", "Ελληνικά"),
        ["eng"] = ("en", "English"), ["est"] = ("et", "Eesti"), ["fas"] = ("fa", "فارسی"), ["per"] = ("fa", "فارسی"), ["fin"] = ("fi", "Suomi"),
        ["fra"] = ("fr", "Français"), ["fre"] = ("fr", "Français"), ["heb"] = ("he", "עברית"), ["hin"] = ("hi", "हिन्दी"), ["hrv"] = ("hr", "Hrvatski"),
        ["hun"] = ("hu", "Magyar"), ["ind"] = ("id", "Bahasa Indonesia"), ["isl"] = ("is", "Íslenska"), ["ice"] = ("is", "Íslenska"),
        ["ita"] = ("it", "Italiano"), ["jpn"] = ("ja", "日本語"), ["kor"] = ("ko", "한국어"), ["lav"] = ("lv", "Latviešu"), ["lit"] = ("lt", "Lietuvių"),
        ["nor"] = ("no", "Norsk"), ["nob"] = ("nb", "Norsk bokmål"), ["pol"] = ("pl", "Polski"), ["por"] = ("pt", "Português"),
        ["ron"] = ("ro", "Română"), ["rum"] = ("ro", "Română"), ["rus"] = ("ru", "Русский"), ["slk"] = ("sk", "Slovenčina"), ["slo"] = ("sk", "Slovenčina"),
        ["slv"] = ("sl", "Slovenščina"), ["spa"] = ("es", "Español"), ["srp"] = ("sr", "Српски"), ["swe"] = ("sv", "Svenska"), ["tam"] = ("ta", "தமிழ்"),
        ["tha"] = ("th", "ไทย"), ["tur"] = ("tr", "Türkçe"), ["ukr"] = ("uk", "Українська"), ["vie"] = ("vi", "Tiếng Việt"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Names =
        Known.Values.Distinct().ToFrozenDictionary(language => language.Tag, language => language.Name);

    /// <summary>The tag; null for no language (<c>und</c>, <c>zxx</c>, <c>mul</c>) and for what is no code.</summary>
    public static string? FromIso639(string? code)
    {
        if (code is null || code.Length is < 2 or > 3 || code.AsSpan().ContainsAnyExceptInRange('a', 'z')) return null;
        if (code is "und" or "zxx" or "mul" or "mis") return null;
        return Known.TryGetValue(code, out var language) ? language.Tag : code;
    }

    /// <summary>What its speakers call it, or null.</summary>
    public static string? NameOf(string? tag) => tag is not null && Names.TryGetValue(tag, out var name) ? name : null;
}
