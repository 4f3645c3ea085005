using Movento.RateLimits;

namespace Movento.Hosting;

/// <summary>What stands in front of every endpoint of the API server, whichever roles it has.</summary>
public static class ApiPipeline
{
    /// <summary>The services that it needs; <see cref="TimeProvider"/> and <see cref="AccessSchemes"/> must be registered beside it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Validated by the host.</param>
    public static IServiceCollection AddApiPipeline(this IServiceCollection services, ApiServerOptions options)
    {
        services.AddSingleton(options);
        return services.AddMoventoRateLimits(options.Limits);
    }

    /// <summary>In this order: what the request is called, who asks and how, what every answer says, what nobody foresaw, addresses that send too much, who it is, accounts and keys that
    /// do, what they may.</summary>
    public static void UseApiPipeline(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ApiServerOptions>();
        app.UseRequestIds();
        app.UseTrustedProxies(options.Proxies);
        app.UseAnswerHeaders(options);
        app.UseUnhandledErrors();
        app.UseAddressLimits();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
    }
}
