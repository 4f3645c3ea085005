namespace Movento.Web.Files;

/// <summary>The media types of the files that the pages are made of.</summary>
internal static class ContentTypes
{
    /// <summary>The type of a file by its extension.</summary>
    /// <exception cref="NotSupportedException">A file was embedded whose type nobody has named: found at start, not by a viewer.</exception>
    public static string Of(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".woff2" => "font/woff2",
        ".txt" or "" => "text/plain; charset=utf-8",
        var extension => throw new NotSupportedException($"No content type is known for '{extension}' ({path})."),
    };

    /// <summary>Whether compressing is worth it: text shrinks, pictures and fonts are packed already.</summary>
    public static bool IsText(string contentType) =>
        contentType.StartsWith("text/", StringComparison.Ordinal) || contentType == "image/svg+xml";
}
