namespace Movento.Hosting;

/// <summary>
/// What every answer tells a browser, whoever makes it, errors included; an answer that says something itself, as the pages do, has the word. Written at the
/// last moment: the handling of an error clears what stood there before.
/// </summary>
internal static class AnswerHeaders
{
    // An answer of the API is data: should a browser show it as a page, it loads nothing, is in nobody's frame, and sends nothing.
    private const string DataPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseAnswerHeaders(this IApplicationBuilder app, ApiServerOptions options)
    {
        var transport = $"max-age={(long)options.HstsMaxAge.TotalSeconds}{(options.HstsIncludeSubDomains ? "; includeSubDomains" : "")}";
        app.Use((context, next) =>
        {
            context.Response.OnStarting(static state =>
            {
                var (context, transport) = ((HttpContext, string))state;
                var headers = context.Response.Headers;
                headers.TryAdd("Content-Security-Policy", DataPolicy);
                headers.TryAdd("X-Content-Type-Options", "nosniff");
                headers.TryAdd("Referrer-Policy", "no-referrer");
                headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin");
                headers.TryAdd("Cross-Origin-Resource-Policy", "same-origin");
                headers[RequestIds.Header] = context.TraceIdentifier;
                // RFC 6797 §7.2: never over plain HTTP.
                if (context.Request.IsHttps) headers.StrictTransportSecurity = transport;
                return Task.CompletedTask;
            }, (context, transport));
            return next(context);
        });
    }
}
