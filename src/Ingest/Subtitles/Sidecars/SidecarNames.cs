using System.Text.RegularExpressions;
using Movento.Ingest.Assets;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>What the uploader says about a sidecar, checked.</summary>
/// <param name="Language">A BCP 47 tag, or null.</param>
/// <param name="Role">See <see cref="SidecarRole"/>.</param>
/// <param name="Name">In a menu.</param>
/// <param name="FileName">Its own, or null.</param>
internal sealed partial record SidecarNames(string? Language, string Role, string Name, string? FileName)
{
    public const int MaxLanguage = 35;
    public const int MaxName = 100;
    public const int MaxFileName = 255;

    /// <summary>Reads the parameters; what the language lacks, a name such as <c>film.pt-BR.srt</c> may say.</summary>
    /// <returns>The error, or null.</returns>
    public static IngestError? Read(string? language, string? role, string? name, string? fileName, out SidecarNames names)
    {
        names = new SidecarNames(null, "", "", null);
        if (fileName is not null && (fileName.Length > MaxFileName || fileName.Any(char.IsControl))) return IngestError.InvalidFileName;
        var tag = string.IsNullOrEmpty(language) ? FromFileName(fileName) : Tag(language);
        if (!string.IsNullOrEmpty(language) && tag is null) return IngestError.InvalidLanguage;
        role = string.IsNullOrEmpty(role) ? SidecarRole.Default : role;
        if (SidecarRole.Of(role) is not { } trackRole) return IngestError.InvalidRole;
        name = name?.Trim();
        // An attribute of an HLS playlist can hold neither line breaks nor double quotes (RFC 8216 §4.2).
        if (name is not null && (name.Length is 0 or > MaxName || name.Any(character => char.IsControl(character) || character == '"'))) return IngestError.InvalidName;
        name ??= (LanguageTag.NameOf(tag) ?? tag ?? "Subtitles") + SubtitlePlan.Suffix(trackRole);
        names = new SidecarNames(tag, role, name, fileName);
        return null;
    }

    // A code of ISO 639-2 that has a shorter form is given that one (RFC 5646 §4.5).
    private static string? Tag(string text) =>
        !LanguageTagPattern().IsMatch(text) ? null : text.Length == 3 ? LanguageTag.FromIso639(text) ?? text : text;

    private static string? FromFileName(string? fileName) =>
        fileName?.Split('.') is [_, .., var tag, _] && tag.Length is 2 or 3 or 5 ? Tag(tag) : null;

    // RFC 5646 §2.1 as far as menus go: a language, then parts of letters and digits; 35 characters are enough (§4.4.1).
    [GeneratedRegex("^(?=.{2,35}$)[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageTagPattern();
}
