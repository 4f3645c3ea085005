using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;

namespace Movento.Hosting;

/// <summary>
/// What nobody foresaw answers 500 as problem details; the exception itself goes to the log alone. Bad requests that Kestrel finds while a
/// handler reads the body keep their status. A database that is away, or is starting, is no fault of ours: 503, as the areas answer that foresee it.
/// </summary>
internal static partial class UnhandledErrors
{
    public static void UseUnhandledErrors(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(UnhandledErrors).FullName!);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => AnswerAsync(context, logger),
            // ASP.NET calls it an unhandled exception in its log; ours says what it is.
            SuppressDiagnosticsCallback = context => IsOutage(context.Exception),
        });
    }

    private static Task AnswerAsync(HttpContext context, ILogger logger)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = error switch
        {
            BadHttpRequestException bad => new HostProblem("about:blank", "The request is not one that can be answered.", bad.StatusCode, "bad_request"),
            not null when IsOutage(error) => HostProblem.Unavailable,
            _ => HostProblem.Internal,
        };
        if (problem == HostProblem.Unavailable)
        {
            context.Response.Headers.RetryAfter = "5";
            Log.Outage(logger, context.Request.Method, error!);
        }

        return problem.WriteAsync(context);
    }

    private static bool IsOutage(Exception error) => error is AccessUnavailableException or DbException { IsTransient: true };

    private static partial class Log
    {
        [LoggerMessage(20, LogLevel.Warning, "A {Method} was answered with 503: what it needs is out of reach")]
        public static partial void Outage(ILogger logger, string method, Exception exception);
    }
}
