using System.Buffers;

namespace Movento.Storage;

/// <summary>The rule that every key obeys before a store looks at it: see <see cref="IObjectStore"/>.</summary>
internal static class ObjectKey
{
    public const int MaxLength = 512;

    // What one name can be on ext4, XFS, APFS and NTFS, and what MinIO allows between two slashes.
    public const int MaxPartLength = 255;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-./");

    /// <exception cref="ArgumentException">It is no key.</exception>
    public static void Require(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!IsKey(key))
            throw new ArgumentException($"This is no storage key: {Shown(key)}.", nameof(key));
    }

    public static bool IsKey(string key) => key.Length <= MaxLength && PartsAreNames(key);

    /// <summary>A prefix is the beginning of some key, or empty.</summary>
    /// <exception cref="ArgumentException">No key begins like this.</exception>
    public static void RequirePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);

        // Whatever it breaks off at, a letter more makes a whole key of it, unless no key begins so.
        if (prefix.Length >= MaxLength || !PartsAreNames(prefix + "x"))
            throw new ArgumentException($"No storage key begins with {Shown(prefix)}.", nameof(prefix));
    }

    /// <summary>Whether a key can have this between two slashes.</summary>
    public static bool IsPart(ReadOnlySpan<char> part) =>
        part is not ({ Length: 0 or > MaxPartLength } or "." or "..") && !part.ContainsAnyExcept(Allowed) && !part.Contains('/');

    private static bool PartsAreNames(ReadOnlySpan<char> key)
    {
        foreach (var part in key.Split('/'))
        {
            if (!IsPart(key[part]))
                return false;
        }

        return true;
    }

    private static string Shown(string text) => text.Length == 0 ? "it is empty" : $"'{(text.Length > 80 ? text[..80] + "…" : text)}'";
}
