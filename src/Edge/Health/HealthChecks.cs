using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Movento.Edge.Operation;
using Movento.Storage;

namespace Movento.Edge.Health;

/// <summary><c>/health/live</c>, <c>/health/ready</c> and <c>/health/startup</c> (docs/formats/http-api.md).</summary>
internal sealed class HealthChecks(IObjectStore store, DrainState drain, TimeProvider time)
{
    private const string Live = "/health/live";
    private const string Ready = "/health/ready";
    // An edge that answers has started: it holds the keys and knows its store before it listens.
    private const string Startup = "/health/startup";

    // Whoever may ask, the store is asked once in this time.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly HealthCheck Draining = new("drain", HealthCheck.Failing, "being emptied before it stops: send nobody here");

    private readonly Lock _lock = new();
    private Task<HealthCheck>? _latest;
    private long _latestAt;

    public static bool IsPath(ReadOnlySpan<char> path) => path is Live or Ready or Startup;

    public async ValueTask<EdgeOutcome> AnswerAsync(HttpContext context)
    {
        HealthReport report;
        if (context.Request.Path.Value == Ready)
        {
            var check = await LatestAsync().WaitAsync(context.RequestAborted);
            report = drain.IsDraining ? new HealthReport(HealthCheck.Failing, [Draining, check]) : new HealthReport(check.Status, [check]);
        }
        else
        {
            report = new HealthReport(HealthCheck.Ok, []);
        }

        var response = context.Response;
        response.StatusCode = report.Status == HealthCheck.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(report, HealthJson.Default.HealthReport);
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.BodyWriter.WriteAsync(bytes);
        return EdgeOutcome.Health;
    }

    private Task<HealthCheck> LatestAsync()
    {
        lock (_lock)
        {
            if (_latest is null || (_latest.IsCompleted && time.GetElapsedTime(_latestAt) > Lifetime))
            {
                _latestAt = time.GetTimestamp();
                _latest = Task.Run(AskStoreAsync);
            }

            return _latest;
        }
    }

    private async Task<HealthCheck> AskStoreAsync()
    {
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            await store.HeadAsync(StorageKey.ReadinessProbe, limit.Token);
            return new HealthCheck("object-store", HealthCheck.Ok, null);
        }
        catch (OperationCanceledException)
        {
            return new HealthCheck("object-store", HealthCheck.Failing, $"no answer within {Limit.TotalSeconds:0} seconds");
        }
#pragma warning disable CA1031 // Whatever it is, it is what is wrong with the store.
        catch (Exception)
#pragma warning restore CA1031
        {
            // The message may name hosts and paths; they stand in the log of whoever reads from the store.
            return new HealthCheck("object-store", HealthCheck.Failing, "does not answer");
        }
    }
}
