using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;

namespace Movento.ControlPlane.Catalogue;

/// <summary>
/// When ASP.NET's output cache may keep and give a page of the list: anonymous GETs only, 200s of a known length only, by the two
/// parameters that the list knows and by nothing else that a caller chooses.
/// </summary>
internal sealed class MovieListCachePolicy(MovieListCache cache) : IOutputCachePolicy
{
    /// <summary>How long another process, which does not hear of a change, may give an old page.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext.Request;
        var cacheable = HttpMethods.IsGet(request.Method) && StringValues.IsNullOrEmpty(request.Headers.Authorization);
        context.EnableOutputCaching = cacheable;
        context.AllowCacheLookup = cacheable;
        context.AllowCacheStorage = cacheable;
        context.AllowLocking = cacheable;
        context.ResponseExpirationTimeSpan = Lifetime;
        context.Tags.Add(MovieListCache.Tag);
        context.CacheVaryByRules.QueryKeys = new StringValues(["after", "limit"]);
        context.CacheVaryByRules.VaryByHost = false;
        context.CacheVaryByRules.VaryByValues["generation"] = cache.Generation.ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        if (response.StatusCode != StatusCodes.Status200OK
            || response.ContentLength is null
            || !StringValues.IsNullOrEmpty(response.Headers.SetCookie))
            context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }
}
