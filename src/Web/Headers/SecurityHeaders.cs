using Microsoft.AspNetCore.Http;

namespace Movento.Web.Headers;

/// <summary>What a browser may do with our pages: only what they were written to do.</summary>
internal sealed class SecurityHeaders(string edgeOrigin) : IEndpointFilter
{
    private readonly string _contentSecurityPolicy = string.Join("; ",
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        $"img-src 'self' {edgeOrigin}",
        $"connect-src 'self' {edgeOrigin}",
        // Media Source Extensions attach through a blob: URL; Safari plays the edge's playlist directly.
        // data: hls.js makes an empty text track of one for each subtitle.
        $"media-src blob: data: {edgeOrigin}",
        "base-uri 'none'",
        // Forms are sent by script, as JSON.
        "form-action 'none'",
        "frame-ancestors 'none'",
        // No text ever becomes markup or script: the browser itself refuses innerHTML and its like.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'");

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        Write(context.HttpContext.Response.Headers);
        return next(context);
    }

    /// <summary>Says it in an answer that no endpoint makes.</summary>
    public void Write(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = _contentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        // The address of a watch page names what somebody watches; the edge needs no more than the origin.
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
    }
}
