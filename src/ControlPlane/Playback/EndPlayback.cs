using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Playback;

/// <summary><c>DELETE /api/streaming/sessions/{session}</c>: a player stops; its place is free at once, and its URLs open nothing any more.</summary>
internal static class EndPlayback
{
    private static readonly Problem NotFound = Problem.NotFound("There is no such playback.");

    public static void Map(RouteGroupBuilder streaming) =>
        streaming.MapDelete("/sessions/{session}", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe("endPlayback", "Stop a playback", "Its place is free at once, and its URLs open nothing any more.")
            .AnswersNothing().Refuses(NotFound);

    private static async Task<IResult> HandleAsync(string session, ClaimsPrincipal principal, PlaybackStreams streams, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(session, "N", out var id)) return NotFound;
        // One that is over, or is somebody else's, is as good as ended.
        if (await streams.FindAsync(user, id, cancellationToken) is not null) await streams.EndAsync(id, cancellationToken);
        return TypedResults.NoContent();
    }
}
