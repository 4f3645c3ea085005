namespace Movento.Hosting;

/// <summary>The addresses of servers in the options.</summary>
internal static class ServerUrl
{
    /// <summary>A sentence where <paramref name="url"/> is not scheme, host and port alone.</summary>
    public static IEnumerable<string> Validate(string name, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            yield return $"{name} '{url}' is not an http:// or https:// address.";
        else if (uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            yield return $"{name} '{url}' must be scheme, host and port alone.";
    }
}
