using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.OutputCaching;

/// <summary>
/// When ASP.NET's output cache may keep and give an answer that is the same for everybody: anonymous GETs only, 200s of a known length only, by
/// the path, the named parameters, the viewer's country where a proxy says it, and the tag's generation, and by nothing else that a caller chooses. Many callers at once wait for one
/// making, so a handler behind it must not end when its caller does (<see cref="Patience"/>).
/// </summary>
/// <param name="tag">What changes the answer (<see cref="IAnswerGenerations"/>).</param>
/// <param name="parameters">The parameters of the query that the answer depends on.</param>
internal sealed class PublicAnswerPolicy(string tag, params string[] parameters) : IOutputCachePolicy
{
    /// <summary>How long a process that could not hear of a change may give an old answer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    /// <summary>How long making an answer may take, instead of one caller's patience.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext.Request;
        var generation = HttpMethods.IsGet(request.Method) && StringValues.IsNullOrEmpty(request.Headers.Authorization)
            ? await context.HttpContext.RequestServices.GetRequiredService<IAnswerGenerations>().CurrentAsync(tag)
            : null;
        var cacheable = generation is not null;
        context.EnableOutputCaching = cacheable;
        context.AllowCacheLookup = cacheable;
        context.AllowCacheStorage = cacheable;
        context.AllowLocking = cacheable;
        if (!cacheable) return;
        context.ResponseExpirationTimeSpan = Lifetime;
        context.Tags.Add(tag);
        context.CacheVaryByRules.QueryKeys = new StringValues(parameters);
        context.CacheVaryByRules.VaryByHost = false;
        context.CacheVaryByRules.VaryByValues["generation"] = generation!;
        context.CacheVaryByRules.VaryByValues["country"] = ViewerCountry.Of(context.HttpContext) ?? "";
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
