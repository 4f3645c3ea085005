using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Playback;

/// <summary><c>POST /api/streaming/heartbeats</c>: a player says that it still plays, and hears whether it may. The same once more changes nothing.</summary>
internal static class Heartbeat
{
    private static readonly Problem Over = new(StatusCodes.Status410Gone, "stream_ended", "This playback is over.")
    {
        Hint = "Another device took its place, or somebody ended it: POST /api/streaming/{assetId}/grant begins anew.",
    };

    /// <param name="Session">The <c>session</c> of a grant: 32 hexadecimal digits.</param>
    public sealed record Request([property: Required] string? Session);

    public static void Map(RouteGroupBuilder streaming) =>
        streaming.MapPost("/heartbeats", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
            .WithMetadata(new CountedAs(RequestKind.Heartbeats))
            .Describe("keepPlaying", "Say that a player still plays", "The same once more changes nothing.")
            .AnswersNothing("It may go on.")
            .RefusesFields().Refuses(Over).Refuses(PlaybackRight.Refusals);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body, ClaimsPrincipal principal, PlaybackStreams streams, PlaybackRight right, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(body.Value.Session, "N", out var session)) return FieldErrors.One("session", "The session of a grant: 32 hexadecimal digits.");
        if (await streams.FindAsync(user, session, cancellationToken) is not { } stream) return Over;

        var entitlement = await right.OfAsync(principal, new AssetId(stream.AssetId), cancellationToken);
        if (PlaybackRight.RefusalOf(entitlement) is { } denied)
        {
            await streams.EndAsync(session, cancellationToken);
            return denied;
        }

        return await streams.TouchAsync(stream, cancellationToken) ? TypedResults.NoContent() : Over;
    }
}
