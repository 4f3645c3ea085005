using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Playback;

/// <summary>Who may play what.</summary>
internal static class PlaybackApi
{
    public static void MapPlayback(this IEndpointRouteBuilder routes)
    {
        var streaming = routes.MapGroup("/api/streaming").Private();
        GrantPlayback.Map(streaming);
        RevokePlayback.Map(streaming);
    }
}
