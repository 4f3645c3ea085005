using Microsoft.AspNetCore.Http;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>
/// A cookie that no script reads, no other site sends, and, by its prefix <c>__Host-</c> (draft-ietf-httpbis-rfc6265bis §4.1.3.2), no other host sets. The
/// prefix wants TLS: where the pages themselves are plain HTTP it is left out, and its name is another one.
/// </summary>
internal sealed class HostCookie(string name, ControlPlaneOptions options)
{
    private const string Prefix = "__Host-";

    /// <summary>As it stands in the header.</summary>
    public string Name { get; } = options.CookieSecure ? Prefix + name : name;

    /// <summary>What the browser sent; null where it did not.</summary>
    public string? Read(HttpContext context) => context.Request.Cookies[Name];

    /// <param name="context">Of the answer.</param>
    /// <param name="value">Characters that need no quoting (RFC 6265 §4.1.1).</param>
    /// <param name="maxAge">Nothing removes it.</param>
    public void Set(HttpContext context, string value, TimeSpan maxAge) => context.Response.Cookies.Append(Name, value, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = options.CookieSecure,
        // What the prefix asks for.
        Path = "/",
        MaxAge = maxAge,
        IsEssential = true,
    });
}
