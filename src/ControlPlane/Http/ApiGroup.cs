using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Movento.ControlPlane.Http;

/// <summary>What every group of API endpoints shares: a bounded body, headers that keep an answer from being
/// misread, and a named answer while the database is away.</summary>
internal static class ApiGroup
{
    /// <summary>The longest body, in bytes: the longest fields of any slice, escaped, fit several times over.</summary>
    public const int MaxBodyBytes = 16 * 1024;

    /// <summary>The longest body of an editor's slice, in bytes: all that may be said of a film, with every letter escaped.</summary>
    public const int MaxEditedBytes = 1024 * 1024;

    /// <summary>For JSON that says something about one person, or is a secret: never stored by anybody.</summary>
    public static RouteGroupBuilder Private(this RouteGroupBuilder group) => group.Bounded("no-store");

    /// <summary>For JSON that is the same for everybody: may be stored, but is asked about each time.</summary>
    public static RouteGroupBuilder Public(this RouteGroupBuilder group) => group.Bounded("no-cache");

    private static RouteGroupBuilder Bounded(this RouteGroupBuilder group, string cacheControl) => DatabaseOutage.Answers(group)
        .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
        .AddEndpointFilter((invocation, next) =>
        {
            var headers = invocation.HttpContext.Response.Headers;
            headers.CacheControl = cacheControl;
            headers.XContentTypeOptions = "nosniff";
            return next(invocation);
        });
}
