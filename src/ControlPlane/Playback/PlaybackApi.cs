using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Playback;

/// <summary>Who may play what, and on how many screens.</summary>
internal static class PlaybackApi
{
    public static void AddPlayback(this IServiceCollection services, NpgsqlDataSource source)
    {
        services.AddSingleton(new PlaybackDatabase(source));
        services.AddSingleton<PlaybackStreams>();
        services.AddSingleton<PlaybackRight>();
        services.AddSingleton<BegunFilms>();
        services.AddHostedService(provider => provider.GetRequiredService<BegunFilms>());
        services.AddSingleton<StreamSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<StreamSweep>());
    }

    public static void AddPlaybackConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<EndUnentitled, EndUnentitled.Endpoint>();
        bus.AddConsumer<EndForGood, ForgetfulEndpoint<EndForGood>>();
    }

    public static void MapPlayback(this IEndpointRouteBuilder routes)
    {
        var streaming = routes.MapGroup("/api/streaming").WithTags("Playback").Private();
        GrantPlayback.Map(streaming);
        Heartbeat.Map(streaming);
        EndPlayback.Map(streaming);
        ListDevices.Map(streaming);
        RevokePlayback.Map(streaming);
    }
}
