using System.Text.RegularExpressions;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>Language tags as they are used for titles: a language, perhaps a script, perhaps a region (BCP 47, in its usual case).</summary>
internal static partial class LanguageTag
{
    public const string Sentence = "A language such as de, pt-BR or zh-Hant-TW (BCP 47).";

    /// <summary>As ECMA-262 says it, for callers.</summary>
    public const string EcmaPattern = "^" + Form + "$";

    private const string Form = "[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?";

    public static bool IsOne(string? text) => text is not null && Pattern().IsMatch(text);

    [GeneratedRegex(@"\A" + Form + @"\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
