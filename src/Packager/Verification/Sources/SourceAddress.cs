namespace Movento.Packager.Verification;

/// <summary>From a reference in a manifest to an address below the root (RFC 3986 §5).</summary>
internal static class SourceAddress
{
    private const int MaxLength = 4096;

    /// <summary>The address that <paramref name="reference"/> means in <paramref name="manifest"/>, or null where that is not below the root.</summary>
    public static string? Resolve(Uri root, string manifest, string reference)
    {
        if (reference.Length is 0 or > MaxLength
            || !Uri.TryCreate(root, manifest, out var document)
            || !Uri.TryCreate(document, reference, out var target)
            || target.Scheme != root.Scheme || target.Authority != root.Authority || target.UserInfo.Length > 0
            || !target.AbsolutePath.StartsWith(root.AbsolutePath, StringComparison.Ordinal))
            return null;
        return target.AbsolutePath[root.AbsolutePath.Length..] + target.Query;
    }
}
