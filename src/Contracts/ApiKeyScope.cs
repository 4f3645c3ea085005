namespace Movento.Contracts;

/// <summary>What a program's key may be used for, and which requests need which of it. What stands here for nothing is closed to every key.</summary>
public static class ApiKeyScope
{
    /// <summary>Uploads, from their beginning to their end.</summary>
    public const string Upload = "upload";

    /// <summary>Assets as they are, with their events and receipts.</summary>
    public const string AssetsRead = "assets:read";

    /// <summary>Everything that changes an asset, or removes it.</summary>
    public const string AssetsWrite = "assets:write";

    /// <summary>What the catalogue says of films.</summary>
    public const string Catalogue = "catalogue";

    /// <summary>Webhooks.</summary>
    public const string Webhooks = "webhooks";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Upload, AssetsRead, AssetsWrite, Catalogue, Webhooks];

    /// <summary>The scope that a request needs; null where no key is enough.</summary>
    /// <param name="method">As HTTP says it: upper-case.</param>
    /// <param name="path">With its leading slash, without a query.</param>
    public static string? Needed(string method, string path) =>
        Below(path, "/api/uploads") ? Upload
        : Below(path, "/api/assets") ? method is "GET" or "HEAD" ? AssetsRead : AssetsWrite
        : Below(path, "/api/movies") || Below(path, "/api/series") ? Catalogue
        : Below(path, "/api/webhooks") ? Webhooks
        : null;

    private static bool Below(string path, string folder) =>
        path.StartsWith(folder, StringComparison.OrdinalIgnoreCase) && (path.Length == folder.Length || path[folder.Length] == '/');
}
