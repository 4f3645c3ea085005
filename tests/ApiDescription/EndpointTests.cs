using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;

namespace Movento.ApiDescription.Tests;

/// <summary>Walks everything that the host has routed, so that nobody adds an endpoint without saying what it is.</summary>
[Collection(nameof(DescribedHost))]
public sealed class EndpointTests(DescribedHost host)
{
    [Fact]
    public void EveryEndpoint_IsDescribed_OrIsAPage()
    {
        var described = host.Operations.Select(operation => operation.Id).ToHashSet();
        var missing = host.Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName is not { } name || !described.Contains(name))
            .Select(endpoint => endpoint.RoutePattern.RawText);
        Assert.Empty(missing);

        // What is left out is no API: pages, their files, the document itself, and the answer where nothing is.
        Assert.All(
            host.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not null),
            endpoint => Assert.False(endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal) && endpoint.RoutePattern.RawText != "/api/{**path}", endpoint.RoutePattern.RawText));
    }

    [Fact]
    public void EveryOperation_SaysWhatItIs_AndWhatItAnswers()
    {
        var operations = host.Operations.ToList();

        Assert.InRange(operations.Count, 100, 1000);
        Assert.Equal(operations.Count, operations.Select(operation => operation.Id).Distinct().Count());
        Assert.All(operations, operation =>
        {
            Assert.False(string.IsNullOrWhiteSpace(operation.Json.GetProperty("summary").GetString()), operation.ToString());
            Assert.Single(operation.Json.GetProperty("tags").EnumerateArray());
            var answers = operation.Json.GetProperty("responses").EnumerateObject().ToList();
            Assert.Contains(answers, answer => answer.Name[0] == '2');
            Assert.Contains(answers, answer => answer.Name == "429");
            // Whoever may be refused for want of a token is told so.
            if (operation.Json.GetProperty("security").GetArrayLength() > 0) Assert.Contains(answers, answer => answer.Name == "401" || operation.Id == "logout");
        });
    }

    [Fact]
    public void EveryList_PagesByKey_OrHasABound()
    {
        var lists = host.Operations.Where(operation => operation.Method == "get" && (operation.Id.StartsWith("list", StringComparison.Ordinal) || HasItems(operation))).ToList();

        Assert.InRange(lists.Count, 25, 1000);
        Assert.All(lists, list => Assert.True(
            list.Query.Intersect(["after", "limit"]).Count() == 2
                || list.Json.GetProperty("responses").GetProperty("200").GetProperty("description").GetString()!.Contains("at most", StringComparison.Ordinal),
            $"{list} is a list without 'after' and 'limit', and without a bound."));
    }

    [Fact]
    public void EveryHandler_PassesCancellationOn()
    {
        // What is kept for everybody is made whoever still waits; a queue's words are written whoever still waits.
        var exempt = host.Endpoints.Where(endpoint => endpoint.Metadata.OfType<IOutputCachePolicy>().Any() || endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == "recordHeartbeats");
        var handlers = host.Endpoints.Except(exempt).Select(endpoint => (endpoint, Method: endpoint.Metadata.GetMetadata<MethodInfo>())).Where(one => one.Method is not null).ToList();

        Assert.InRange(handlers.Count, 100, 1000);
        Assert.All(handlers.Where(one => IsAsynchronous(one.Method!)), one => Assert.True(
            one.Method!.GetParameters().Any(parameter => IsCancellation(parameter.ParameterType) || TakesCancellation(parameter)),
            $"{one.endpoint.RoutePattern.RawText}: {one.Method} takes no CancellationToken."));
    }

    private bool HasItems(Operation operation) =>
        operation.Json.GetProperty("responses").TryGetProperty("200", out var answer)
        && answer.TryGetProperty("content", out var content)
        && content.TryGetProperty("application/json", out var media)
        && host.Resolve(media.GetProperty("schema")) is var schema
        && schema.TryGetProperty("properties", out var members)
        && members.TryGetProperty("items", out var items)
        && items.TryGetProperty("type", out var type) && type.GetRawText().Contains("array", StringComparison.Ordinal);

    private static bool IsAsynchronous(MethodInfo method) => typeof(Task).IsAssignableFrom(method.ReturnType) || method.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal);

    private static bool IsCancellation(Type type) => type == typeof(CancellationToken) || type == typeof(HttpContext);

    private static bool TakesCancellation(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(AsParametersAttribute)) && parameter.ParameterType.GetProperties().Any(property => IsCancellation(property.PropertyType));
}
