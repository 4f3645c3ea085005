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
        var (status, code, title) = error switch
        {
            BadHttpRequestException bad => (bad.StatusCode, "bad_request", "The request is not one that can be answered."),
            AccessUnavailableException => (StatusCodes.Status503ServiceUnavailable, "unavailable", "The service cannot answer at this moment. Try again in a few seconds."),
            _ => (StatusCodes.Status500InternalServerError, "internal", "Something went wrong on our side; it is in the log."),
        };
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "5";
        return HostProblem.WriteAsync(context, status, code, title);
    }
}
