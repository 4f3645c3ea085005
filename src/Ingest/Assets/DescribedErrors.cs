using Microsoft.AspNetCore.Builder;
using Movento.ApiDescription.Metadata;

namespace Movento.Ingest.Assets;

/// <summary>Describes by which errors an endpoint refuses, and the JSON that it reads by <see cref="RequestJson"/>.</summary>
internal static class DescribedErrors
{
    /// <typeparam name="TBuilder">An endpoint, or a group of them.</typeparam>
    public static TBuilder Refuses<TBuilder>(this TBuilder route, params IngestError[] errors)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata([.. errors.Select(error => error.Described)]);

    /// <summary>A small JSON body.</summary>
    /// <typeparam name="T">What it is read as.</typeparam>
    /// <param name="route">The endpoint.</param>
    /// <param name="isRequired">Whether there must be one.</param>
    public static RouteHandlerBuilder TakesJson<T>(this RouteHandlerBuilder route, bool isRequired = true) => route
        .WithMetadata(new RequestContent(typeof(T), isRequired, "application/json"))
        .Refuses(IngestError.MalformedJson, IngestError.NotJson);
}
