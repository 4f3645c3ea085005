using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Movento.ControlPlane.Http;

/// <summary>Whatever no endpoint below <c>/api</c> answers: 405 with <c>Allow</c> where only the method is wrong, else 404.</summary>
internal static class UnknownRoutes
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapFallback("/api/{**path}", Answer).AllowAnonymous().ExcludeFromDescription();

    private static Problem Answer(HttpContext context, EndpointDataSource endpoints, ParameterPolicyFactory policies)
    {
        // The fallback takes every method, so routing itself no longer notices a known path with a wrong one.
        var allowed = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => Matches(endpoint, context, policies))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (allowed.Length == 0) return Problem.NotFound("There is nothing at this path.");

        context.Response.Headers.Allow = allowed;
        return new Problem(
            StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"This path answers {string.Join(", ", allowed)}.");
    }

    private static bool Matches(RouteEndpoint endpoint, HttpContext context, ParameterPolicyFactory policies)
    {
        var values = new RouteValueDictionary();
        return new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(context.Request.Path, values)
            // What a parameter must be, such as a number, is part of the path: where it is not, nothing is there, with whatever method.
            && endpoint.RoutePattern.Parameters.All(parameter => parameter.ParameterPolicies.All(policy =>
                policies.Create(parameter, policy) is not IRouteConstraint constraint
                || constraint.Match(context, null, parameter.Name, values, RouteDirection.IncomingRequest)));
    }
}
