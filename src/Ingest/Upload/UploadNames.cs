using Movento.Ingest.Assets;

namespace Movento.Ingest.Upload;

/// <summary>What a person calls an upload: any Unicode in one line. Neither name ever becomes part of a path or a key.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="FileName">0 to 255 characters, without folders.</param>
internal sealed record UploadNames(string Title, string FileName)
{
    public const int MaxTitle = 200;
    public const int MaxFileName = 255;

    /// <summary>Checks both; the title is the file's name without its extension where there is none.</summary>
    public static IngestError? Read(string? title, string? fileName, out UploadNames names)
    {
        names = new("", "");
        var name = (fileName ?? "").Trim();
        if (!IsLine(name) || Length(name) > MaxFileName) return IngestError.InvalidFileName;
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];

        var wanted = title?.Trim();
        if (wanted is null)
        {
            wanted = Path.GetFileNameWithoutExtension(name).Trim();
            if (wanted.Length == 0) wanted = name.Length > 0 ? name : "Untitled";
            wanted = Cut(wanted, MaxTitle);
        }
        if (wanted.Length == 0 || !IsLine(wanted) || Length(wanted) > MaxTitle) return IngestError.InvalidTitle;
        names = new(wanted, name);
        return null;
    }

    // Control characters, line separators, and half characters that no database stores.
    private static bool IsLine(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || text[i] is '\u2028' or '\u2029') return false;
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
                i++;
            }
        }
        return true;
    }

    // Characters of Unicode, not of UTF-16.
    private static int Length(string text) => text.EnumerateRunes().Count();

    private static string Cut(string text, int characters) =>
        Length(text) <= characters ? text : string.Concat(text.EnumerateRunes().Take(characters));
}
