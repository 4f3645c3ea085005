using System.Globalization;
using System.Threading.RateLimiting;
using Movento.Hosting;

namespace Movento.RateLimits;

/// <summary>The limits of the API in a host.</summary>
public static class RateLimitRegistration
{
    /// <summary>Counts requests; <see cref="TimeProvider"/> must be registered beside it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Validated by the host.</param>
    public static IServiceCollection AddMoventoRateLimits(this IServiceCollection services, RateLimitOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<RequestCallers>();
        services.AddSingleton(provider => new LocalBuckets(options.Tracked, provider.GetRequiredService<TimeProvider>()));
        if (options.IsShared) services.AddSingleton<SharedBuckets>();
        services.AddSingleton(provider => new ApiRateLimiter(
            provider.GetRequiredService<RequestCallers>(), provider.GetRequiredService<LocalBuckets>(), provider.GetService<SharedBuckets>()));
        services.AddRateLimiter(_ => { });
        services.AddOptions<Microsoft.AspNetCore.RateLimiting.RateLimiterOptions>().Configure<ApiRateLimiter>((limiter, own) =>
        {
            limiter.GlobalLimiter = own;
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejected, _) =>
                new ValueTask(RefuseAsync(rejected.HttpContext, rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.Zero));
        });
        return services;
    }

    /// <summary>Refuses addresses that send too much; stands before <c>UseAuthentication()</c>.</summary>
    public static void UseAddressLimits(this IApplicationBuilder app)
    {
        var limiter = app.ApplicationServices.GetRequiredService<ApiRateLimiter>();
        app.Use((context, next) => limiter.TryEnter(context, out var wait) ? next(context) : RefuseAsync(context, wait));
    }

    private static Task RefuseAsync(HttpContext context, TimeSpan wait)
    {
        // RFC 9110 §10.2.3, in whole seconds.
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return HostProblem.TooManyRequests.WriteAsync(context);
    }
}
