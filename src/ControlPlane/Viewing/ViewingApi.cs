using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Viewing;

/// <summary>What users watch, and where they go on.</summary>
internal static class ViewingApi
{
    public static void AddViewing(this IServiceCollection services, NpgsqlDataSource source)
    {
        services.AddSingleton(new ViewingDatabase(source));
        services.AddSingleton<HeartbeatWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<HeartbeatWriter>());
        services.AddSingleton<ErasedHistory>();
        services.AddHostedService(provider => provider.GetRequiredService<ErasedHistory>());
        services.AddSingleton<ViewingSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<ViewingSweep>());
    }

    public static void AddViewingConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<ForgetUser, ForgetfulEndpoint<ForgetUser>>();
        bus.AddConsumer<ForgetProfile, ForgetfulEndpoint<ForgetProfile>>();
    }

    public static void MapViewing(this IEndpointRouteBuilder routes)
    {
        var viewing = routes.MapGroup("/api/viewing").WithTags("Viewing").Private().RequireAuthorization(Access.SignedInPolicy);
        RecordHeartbeats.Map(viewing);
        ListHistory.Map(viewing);
        GetPosition.Map(viewing);
        EraseHistory.Map(viewing);
        ExportHistory.Map(viewing);
    }
}
