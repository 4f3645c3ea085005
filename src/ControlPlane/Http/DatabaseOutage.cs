using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.ControlPlane.Http;

/// <summary>Answers 503 while the database cannot be reached, is too slow, or is starting or stopping. Faults of ours stay faults.</summary>
internal sealed partial class DatabaseOutage
{
    private static readonly Problem Unavailable =
        new(StatusCodes.Status503ServiceUnavailable, "unavailable", "The service cannot answer at this moment. Try again in a few seconds.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static RouteGroupBuilder Answers(RouteGroupBuilder group) => group.Refuses(Unavailable).AddEndpointFilter(async (invocation, next) =>
    {
        var context = invocation.HttpContext;
        try
        {
            return await next(invocation);
        }
        catch (Exception e) when (IsOutage(e) && !context.RequestAborted.IsCancellationRequested)
        {
            Log.Outage(context.RequestServices.GetRequiredService<ILogger<DatabaseOutage>>(), context.Request.Method, e);
            return Unavailable;
        }
    });

    // Cancelled though the caller still waits: a patience of our own ran out.
    private static bool IsOutage(Exception e) =>
        e is OperationCanceledException or NpgsqlException { IsTransient: true } or PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "53300" };

    private static partial class Log
    {
        [LoggerMessage(3003, LogLevel.Warning, "A {Method} was answered with 503: the database is out of reach")]
        public static partial void Outage(ILogger logger, string method, Exception exception);
    }
}
