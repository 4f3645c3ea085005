using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace Movento.ControlPlane.OutputCaching;

/// <summary>ASP.NET's output cache, in memory or in the Redis that control planes share.</summary>
internal static class OutputCachingRegistration
{
    public static void AddOutputCaching(this IServiceCollection services, OutputCachingOptions options)
    {
        if (options.IsShared)
        {
            services.AddSingleton(options);
            services.AddSingleton<RedisOutputCacheStore>();
            services.AddSingleton<IOutputCacheStore>(provider => provider.GetRequiredService<RedisOutputCacheStore>());
            services.AddSingleton<IAnswerGenerations>(provider => provider.GetRequiredService<RedisOutputCacheStore>());
        }
        else
        {
            services.AddSingleton<IAnswerGenerations, MemoryGenerations>();
        }

        services.AddOutputCache(cache =>
        {
            cache.SizeLimit = options.MaxBytes;
            cache.MaximumBodySize = options.MaxAnswerBytes;
            // As ids are: in another case they name nothing.
            cache.UseCaseSensitivePaths = true;
        });
    }
}
