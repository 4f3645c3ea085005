using Microsoft.AspNetCore.Diagnostics;

namespace Movento.Hosting;

/// <summary>
/// What nobody foresaw answers 500 as problem details; the exception itself goes to the log alone. Bad requests that Kestrel finds while a
/// handler reads the body keep their status.
/// </summary>
internal static class UnhandledErrors
{
    public static void UseUnhandledErrors(this IApplicationBuilder app) => app.UseExceptionHandler(handler => handler.Run(AnswerAsync));

    private static Task AnswerAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = error switch
        {
            BadHttpRequestException bad => new HostProblem("about:blank", "The request is not one that can be answered.", bad.StatusCode, "bad_request"),
            AccessUnavailableException => HostProblem.Unavailable,
            _ => HostProblem.Internal,
        };
        if (problem == HostProblem.Unavailable) context.Response.Headers.RetryAfter = "5";
        return problem.WriteAsync(context);
    }
}
