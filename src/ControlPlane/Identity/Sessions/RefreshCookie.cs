using Microsoft.AspNetCore.Http;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>The cookie that carries the refresh token: no script reads it, no other site sends it, and only sign-in sees it.</summary>
internal sealed class RefreshCookie(ControlPlaneOptions options)
{
    public const string Name = "movento_refresh";

    public const string Path = "/api/auth";

    public static bool TryRead(HttpContext context, out RefreshToken token) =>
        RefreshToken.TryParse(context.Request.Cookies[Name], out token);

    public void Set(HttpContext context, RefreshToken token) =>
        context.Response.Cookies.Append(Name, token.Reveal(), Attributes(options.RefreshTokenLifetime));

    public void Remove(HttpContext context) => context.Response.Cookies.Append(Name, "", Attributes(TimeSpan.Zero));

    private CookieOptions Attributes(TimeSpan maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = options.CookieSecure,
        Path = Path,
        MaxAge = maxAge,
        IsEssential = true,
    };
}
