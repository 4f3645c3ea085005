using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Movento.Edge.Observation.Metrics;

namespace Movento.Edge.Operation;

/// <summary>Puts what an operator asks of an edge into a server that is not the edge's own.</summary>
public static class OperatorRegistration
{
    /// <summary>Ends the pipeline with the operator's pages.</summary>
    /// <param name="app">The operator's server.</param>
    /// <param name="edge">The services of the edge that it is about.</param>
    /// <param name="token">What a client must show (RFC 6750); null where the address alone keeps others out.</param>
    public static void UseMoventoEdgeOperator(this IApplicationBuilder app, IServiceProvider edge, string? token) =>
        app.Run(new OperatorPages(edge.GetRequiredService<MetricsReader>(), token).InvokeAsync);
}
