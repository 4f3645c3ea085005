using Microsoft.AspNetCore.Http;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>The cookie that carries the refresh token.</summary>
internal sealed class RefreshCookie(ControlPlaneOptions options)
{
    public const string Name = "movento_refresh";

    private readonly HostCookie _cookie = new(Name, options);

    public bool TryRead(HttpContext context, out RefreshToken token) => RefreshToken.TryParse(_cookie.Read(context), out token);

    public void Set(HttpContext context, RefreshToken token) => _cookie.Set(context, token.Reveal(), options.RefreshTokenLifetime);

    public void Remove(HttpContext context) => _cookie.Set(context, "", TimeSpan.Zero);
}
