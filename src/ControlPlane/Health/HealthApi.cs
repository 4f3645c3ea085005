using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Movento.ApiDescription;

namespace Movento.ControlPlane.Health;

/// <summary>
/// <c>GET /health/live</c>: 200 while the process runs. <c>GET /health/ready</c>: 200, or 503 with every dependency and what is wrong
/// with it; whatever the host registers with <c>AddHealthChecks()</c> counts. <c>GET /health/startup</c>: the same of what must be there once, the checks with
/// <see cref="StartupTag"/>.
/// </summary>
public static class HealthApi
{
    /// <summary>The tag of checks that tell of a start alone.</summary>
    public const string StartupTag = "startup";

    /// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>: the worst of the checks.</param>
    /// <param name="Checks">Each dependency.</param>
    public sealed record Response(string Status, IReadOnlyList<Check> Checks);

    /// <param name="Name">The dependency.</param>
    /// <param name="Status">As of the whole.</param>
    /// <param name="Reason">What is wrong; left out when nothing is.</param>
    public sealed record Check(
        string Name, string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);

    public static void AddHealth(this IServiceCollection services, ControlPlaneDatabases databases) =>
        services.AddHealthChecks()
            .Add(DatabaseHealth.Of("identity database", databases.Identity))
            .Add(DatabaseHealth.Of("catalogue database", databases.Catalogue))
            .Add(DatabaseHealth.Of("billing database", databases.Billing))
            .Add(DatabaseHealth.Of("playback database", databases.Playback))
            // Without it films play, but nobody's place in them is remembered.
            .Add(DatabaseHealth.Of("viewing database", databases.Viewing, HealthStatus.Degraded))
            // Without it there are no figures; viewers miss nothing.
            .Add(DatabaseHealth.Of("quality database", databases.Quality, HealthStatus.Degraded))
            // Nor without it: the catalogue has its list.
            .Add(DatabaseHealth.Of("recommendations database", databases.Recommendations, HealthStatus.Degraded));

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").AllowAnonymous().WithTags("Health");
        health.MapGet("/live", Live)
            .Describe("getLive", "Whether the process runs")
            .Answers<Response>();
        MapReport("/ready", check => !check.Tags.Contains(StartupTag))
            .Describe("getReady", "Whether it can answer, with each dependency");
        MapReport("/startup", check => check.Tags.Contains(StartupTag))
            .Describe("getStartup", "Whether what it needs once is there");

        RouteHandlerBuilder MapReport(string path, Func<HealthCheckRegistration, bool> which)
        {
            var reports = new HealthReports(
                routes.ServiceProvider.GetRequiredService<HealthCheckService>(), which, routes.ServiceProvider.GetRequiredService<TimeProvider>());
            return health.MapGet(path, (HttpContext context, CancellationToken cancellationToken) => ReportAsync(context, reports, cancellationToken))
                .Answers<Response>()
                .Answers<Response>("Something that it cannot do without is away.", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static JsonHttpResult<Response> Live(HttpContext context) => Answer(context, new Response(Word(HealthStatus.Healthy), []));

    private static async Task<JsonHttpResult<Response>> ReportAsync(HttpContext context, HealthReports reports, CancellationToken cancellationToken)
    {
        var report = await reports.LatestAsync(cancellationToken);
        return Answer(context, new Response(
            Word(report.Status),
            [.. report.Entries.Select(entry => new Check(
                entry.Key,
                Word(entry.Value.Status),
                entry.Value.Status == HealthStatus.Healthy ? null : entry.Value.Description))]));
    }

    private static JsonHttpResult<Response> Answer(HttpContext context, Response response)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Json(
            response,
            ControlPlaneJson.Default.HealthApiResponse,
            statusCode: response.Status == Word(HealthStatus.Unhealthy) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
