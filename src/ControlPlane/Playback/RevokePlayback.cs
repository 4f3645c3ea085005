using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Playback;

/// <summary>
/// <c>POST /api/streaming/revocations</c>: takes a playback session back before its tokens expire. Whoever holds a token may end its session, for
/// it could do no more than play; an editor may end any session that it can name.
/// </summary>
internal static class RevokePlayback
{
    /// <summary>The longest that a grant can live (<see cref="ControlPlaneOptions.PlaybackTokenLifetime"/>, and a film that is as long).</summary>
    public static readonly TimeSpan LongestGrant = TimeSpan.FromDays(7);

    private static readonly Problem Forbidden =
        new(StatusCodes.Status403Forbidden, "forbidden", "An editor may name a session; anybody else sends a token of it.");

    private static readonly Problem Unavailable =
        new(StatusCodes.Status503ServiceUnavailable, "unavailable", "Not every edge could be told. Try again in a few seconds.")
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };

    /// <summary>One of the two.</summary>
    /// <param name="Token">The first part of a playback URL's path.</param>
    /// <param name="Session">The <c>session</c> of a grant: 32 hexadecimal digits.</param>
    public sealed record Request(string? Token, string? Session);

    public static void Map(RouteGroupBuilder streaming) => streaming.MapPost("/revocations", HandleAsync).AllowAnonymous()
        .Describe("revokePlayback", "Take a playback back before its URLs expire", "Whoever holds a token of a playback may end it; an editor, with an access token, any session.")
        .AnswersNothing("Its URLs open nothing any more.")
        .RefusesFields().Refuses(Problem.Unauthenticated, Forbidden, Unavailable);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        ClaimsPrincipal user,
        PlaybackKeys keys,
        IPlaybackRevocations revocations,
        PlaybackStreams streams,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        PlaybackRevoked revoked;
        switch (body.Value)
        {
            case { Token: { } token, Session: null }:
                var outcome = new PlaybackTokenVerifier(keys.Ring).Verify(token, time.GetUtcNow(), out var claims);
                if (outcome == PlaybackTokenOutcome.Expired) return TypedResults.NoContent();
                if (outcome != PlaybackTokenOutcome.Valid || claims.Session == Guid.Empty)
                    return FieldErrors.One("token", "A token of a playback session.");
                revoked = new PlaybackRevoked(claims.Session, claims.Expires);
                break;
            case { Token: null, Session: { } session }:
                if (user.Identity is not { IsAuthenticated: true }) return Problem.Unauthenticated;
                if (!user.IsInRole(Access.EditorRole)) return Forbidden;
                if (!Guid.TryParseExact(session, "N", out var id) || id == Guid.Empty)
                    return FieldErrors.One("session", "The session of a grant: 32 hexadecimal digits.");
                revoked = new PlaybackRevoked(id, time.GetUtcNow() + LongestGrant);
                break;
            default:
                return FieldErrors.One("token", "Either a token or a session.");
        }

        try
        {
            // Its place is free.
            await streams.EndAsync(revoked.Id, cancellationToken);
            await revocations.RevokeAsync(revoked, cancellationToken);
            return TypedResults.NoContent();
        }
        catch (TimeoutException)
        {
            return Unavailable;
        }
    }
}
