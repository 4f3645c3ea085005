using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Quality;

/// <summary>How films play, as the edges hear it from the players.</summary>
internal static class QualityApi
{
    public static void AddQuality(this IServiceCollection services, NpgsqlDataSource source)
    {
        services.AddSingleton(new QualityDatabase(source));
        services.AddSingleton(provider => new QualityRecords(
            provider.GetRequiredService<QualityDatabase>(),
            provider.GetRequiredService<ControlPlaneOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<QualitySweep>();
        services.AddHostedService(provider => provider.GetRequiredService<QualitySweep>());
    }

    public static void AddQualityConsumers(this IBusRegistrationConfigurator bus) => bus.AddConsumer<RecordPlaybacks, RecordPlaybacks.Endpoint>();

    public static void MapQuality(this IEndpointRouteBuilder routes) => ListFilmDays.Map(routes.MapGroup("/api/quality").WithTags("Quality").Private());
}
