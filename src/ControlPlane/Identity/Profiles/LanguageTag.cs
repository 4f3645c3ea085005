using System.Text.RegularExpressions;

namespace Movento.ControlPlane.Identity.Profiles;

/// <summary>A language by its tag (BCP 47): a language, and perhaps a script and a region: <c>pt-BR</c>, <c>zh-Hant-TW</c>.</summary>
internal static partial class LanguageTag
{
    public static string? WrongWith(string? tag) => tag is not null && Tag().IsMatch(tag) ? null : "A language tag, such as en or pt-BR.";

    [GeneratedRegex(@"\A[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
