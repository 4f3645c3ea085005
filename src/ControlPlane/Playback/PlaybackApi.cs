using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Playback;

/// <summary>Who may play what.</summary>
internal static class PlaybackApi
{
    public static void AddPlayback(this IServiceCollection services)
    {
        services.TryAddSingleton<PlaybackTokenSigner>();
        services.AddSingleton<EdgeUrls>();
    }

    public static void MapPlayback(this IEndpointRouteBuilder routes) =>
        GrantPlayback.Map(routes.MapGroup("/api/streaming").Private());
}
