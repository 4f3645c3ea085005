using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Playback;

/// <summary><c>POST /api/streaming/{assetId}/grant?maxHeight=…</c>: may this user play this film? Then here are its signed URLs.</summary>
internal static class GrantPlayback
{
    /// <summary>What a viewer of a long film gets beyond its length, for pauses.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <param name="AssetId">32 lower-case hexadecimal digits.</param>
    /// <param name="Version">The version that the URLs name.</param>
    /// <param name="HlsUrl">The multivariant playlist.</param>
    /// <param name="DashUrl">The MPD.</param>
    /// <param name="ExpiresAt">When the URLs stop to open, in UTC, whole seconds.</param>
    /// <param name="Session">Names what these URLs play, for a revocation: 32 hexadecimal digits.</param>
    /// <param name="IsGrowing">Whether the version is still made: a player must be told to begin at zero, not where the film ends now.</param>
    public sealed record Response(string AssetId, int Version, string HlsUrl, string DashUrl, DateTime ExpiresAt, string Session, bool IsGrowing);

    public static void Map(RouteGroupBuilder streaming) =>
        streaming.MapPost("/{assetId}/grant", HandleAsync).RequireAuthorization(Access.SignedInPolicy);

    private static async Task<IResult> HandleAsync(
        string assetId,
        string? maxHeight,
        ClaimsPrincipal user,
        Viewer viewer,
        PublishedMovies movies,
        SessionPlayback sessions,
        EdgeUrls edge,
        ControlPlaneOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!AssetId.TryParse(assetId, out var asset) || await movies.FindAsync(asset, viewer, language: null, cancellationToken) is not { } movie)
            return GetMovie.NotFound;

        // Asked for by whoever saves data, within what the operator allows.
        ushort height = 0;
        if (maxHeight is not null && (!ushort.TryParse(maxHeight, NumberStyles.None, CultureInfo.InvariantCulture, out height) || height == 0))
            return FieldErrors.One("maxHeight", $"Lines, 1 to {ushort.MaxValue}.");
        if (options.MaxPlaybackHeight > 0 && (height == 0 || height > options.MaxPlaybackHeight)) height = options.MaxPlaybackHeight;

        var length = TimeSpan.FromSeconds(movie.DurationSeconds) + Slack;
        var lifetime = length > options.PlaybackTokenLifetime ? length : options.PlaybackTokenLifetime;
        var expires = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + lifetime).ToUnixTimeSeconds());

        // A log-out ends it. The access token may outlive the sign-in it was given to; one of before sign-ins were named has none.
        if (user.TryGetSession(out var signIn)
            && !(user.TryGetUserId(out var userId) && await sessions.TryBindAsync(signIn, userId, expires, cancellationToken)))
            return Problem.Unauthenticated;

        var session = Guid.NewGuid();
        var folder = edge.Presentation(
            new PlaybackClaims(asset, PlaybackScope.Presentation, expires, session) { MaxHeight = height, SignIn = signIn }, movie.Version);
        return TypedResults.Json(
            new Response(
                asset.ToString(), movie.Version, folder + "master.m3u8", folder + "manifest.mpd", expires.UtcDateTime, session.ToString("N"), movie.IsGrowing),
            ControlPlaneJson.Default.GrantPlaybackResponse);
    }
}
