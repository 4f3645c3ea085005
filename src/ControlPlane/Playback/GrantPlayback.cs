using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Playback;

/// <summary>
/// <c>POST /api/streaming/{assetId}/grant?maxHeight=…&amp;deviceId=…&amp;deviceName=…</c>: may this user play this film, here and now? Then here are its signed
/// URLs. They open no longer than what was paid for.
/// </summary>
internal static class GrantPlayback
{
    /// <summary>What a viewer of a long film gets beyond its length, for pauses.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    private const int MaxDeviceNameLength = 64;

    private static readonly Problem NoRoom = new(StatusCodes.Status409Conflict, "stream_limit_reached", "As many films are playing as your plan allows.")
    {
        Hint = "GET /api/streaming/devices says where. One that is ended, or falls silent, makes room.",
    };

    private static readonly Problem NotForProfile = new(StatusCodes.Status403Forbidden, "not_for_profile", "This film is not for the profile that watches.")
    {
        Hint = "Another profile of the account may be open to it.",
    };

    /// <param name="AssetId">32 lower-case hexadecimal digits.</param>
    /// <param name="Version">The version that the URLs name.</param>
    /// <param name="HlsUrl">The multivariant playlist.</param>
    /// <param name="DashUrl">The MPD.</param>
    /// <param name="ExpiresAt">When the URLs stop to open, in UTC, whole seconds.</param>
    /// <param name="Session">Names what these URLs play, for a revocation: 32 hexadecimal digits.</param>
    /// <param name="IsGrowing">Whether the version is still made: a player must be told to begin at zero, not where the film ends now.</param>
    /// <param name="HeartbeatSeconds">How often its player is to say that it plays (<c>POST /api/streaming/heartbeats</c>), to keep its place.</param>
    public sealed record Response(
        string AssetId, int Version, string HlsUrl, string DashUrl, DateTime ExpiresAt, string Session, bool IsGrowing, int HeartbeatSeconds);

    public static void Map(RouteGroupBuilder streaming) =>
        streaming.MapPost("/{assetId}/grant", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe(
                "grantPlayback", "Ask to play a film",
                "The answer holds signed URLs of the edge for HLS and DASH. The player then says every `heartbeatSeconds` that it plays, to keep its place among the plan's streams.")
            .Answers<Response>()
            .ReadsNumber("maxHeight", "Without renditions of more lines.", 1, ushort.MaxValue)
            .ReadsText("deviceId", "32 hexadecimal digits that stay the same.", 32, "^[0-9a-fA-F]{32}$")
            .ReadsText("deviceName", "What its user calls the device.", MaxDeviceNameLength)
            .RefusesFields().Refuses(GetMovie.NotFound, NotForProfile, NoRoom).Refuses(PlaybackRight.Refusals);

    private static async Task<IResult> HandleAsync(
        string assetId,
        string? maxHeight,
        string? deviceId,
        string? deviceName,
        ClaimsPrincipal user,
        Viewer viewer,
        PublishedMovies movies,
        PlaybackRight right,
        PlaybackStreams streams,
        SessionPlayback sessions,
        BegunFilms begun,
        EdgeUrls edge,
        ControlPlaneOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!AssetId.TryParse(assetId, out var asset) || await movies.FindAsync(asset, viewer, language: null, cancellationToken) is not { } movie)
            return GetMovie.NotFound;

        // :: Step 1: what was asked
        var errors = new FieldErrors();
        ushort height = 0;
        if (maxHeight is not null && (!ushort.TryParse(maxHeight, NumberStyles.None, CultureInfo.InvariantCulture, out height) || height == 0))
            errors.Note("maxHeight", $"Lines, 1 to {ushort.MaxValue}.");
        Guid device = default;
        if (deviceId is not null && !Guid.TryParseExact(deviceId, "N", out device)) errors.Note("deviceId", "32 hexadecimal digits, the same each time.");
        if (deviceName is not null && (deviceName.Length is 0 or > MaxDeviceNameLength || deviceName.Any(char.IsControl)))
            errors.Note("deviceName", $"1 to {MaxDeviceNameLength} characters, no control characters.");
        if (errors.Problem is { } wrong) return wrong;

        if (!user.IsOldEnough(movie.MinimumAge)) return NotForProfile;

        // :: Step 2: whether it is paid for, how sharp, and until when
        var entitlement = await right.OfAsync(user, asset, cancellationToken);
        if (PlaybackRight.RefusalOf(entitlement) is { } denied) return denied;
        height = LowerOf(LowerOf(height, options.MaxPlaybackHeight), entitlement.MaxHeight);
        var length = TimeSpan.FromSeconds(movie.DurationSeconds) + Slack;
        var now = time.GetUtcNow();
        var until = now + (length > options.PlaybackTokenLifetime ? length : options.PlaybackTokenLifetime);
        if (entitlement.Until < until) until = entitlement.Until;
        var expires = DateTimeOffset.FromUnixTimeSeconds(until.ToUnixTimeSeconds());

        // :: Step 3: a sign-in that is not over, and a place of its own
        // A log-out ends it. The access token may outlive the sign-in it was given to; one of before sign-ins were named has none.
        var isSomebody = user.TryGetUserId(out var userId);
        if (user.TryGetSession(out var signIn) && !(isSomebody && await sessions.TryBindAsync(signIn, userId, expires, cancellationToken)))
            return Problem.Unauthenticated;

        var session = Guid.NewGuid();
        // A player that does not name itself is as many devices as it has sign-ins.
        if (deviceId is null) device = signIn != Guid.Empty ? signIn : session;
        if (isSomebody
            && await streams.BeginAsync(
                new OpenStream(session, userId, device, asset.Value, now.UtcDateTime, now.UtcDateTime, expires.UtcDateTime, IsUnlimited: entitlement.IsUnlimited),
                deviceName, entitlement.Streams, cancellationToken) is not null)
            return NoRoom;

        // :: Step 4: the URLs
        var folder = edge.Presentation(
            new PlaybackClaims(asset, PlaybackScope.Presentation, expires, session) { MaxHeight = height, SignIn = signIn }, movie.Version);
        if (isSomebody) begun.Add(new FilmViewed(userId, asset.Value, now, user.ProfileOrNull()));
        return TypedResults.Json(
            new Response(
                asset.ToString(), movie.Version, folder + "master.m3u8", folder + "manifest.mpd", expires.UtcDateTime, session.ToString("N"), movie.IsGrowing,
                (int)(options.StreamTimeout / 3).TotalSeconds),
            ControlPlaneJson.Default.GrantPlaybackResponse);
    }

    // 0 is none.
    private static ushort LowerOf(ushort one, ushort other) => one == 0 || (other > 0 && other < one) ? other : one;
}
