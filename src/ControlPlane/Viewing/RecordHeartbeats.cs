using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Viewing;

/// <summary>
/// <c>POST /api/viewing/heartbeats</c>: a player says where its user is in one film or several, now or while it was offline. 204 once that is durable. The newest
/// word of a film stands, in whatever order they come and however often.
/// </summary>
internal static class RecordHeartbeats
{
    public const int MaxItems = 100;

    /// <summary>A day: no film is longer.</summary>
    public const double MaxSeconds = 86_400;

    /// <summary>How late a player that was offline may say it.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromDays(30);

    private static readonly Problem Busy =
        new(StatusCodes.Status503ServiceUnavailable, "busy", "Too many players speak at the same time.") { RetryAfter = TimeSpan.FromSeconds(2) };

    /// <param name="SentAt">When this was sent, by the player's clock (RFC 3339): what it is wrong by is taken out of the other times.</param>
    /// <param name="Items">1 to 100.</param>
    public sealed record Request(string? SentAt, [property: Required, MinLength(1), MaxLength(MaxItems)] IReadOnlyList<Heartbeat?>? Items);

    /// <param name="AssetId">32 lower-case hexadecimal digits.</param>
    /// <param name="Position">From the beginning, in seconds.</param>
    /// <param name="Duration">Of the film, in seconds.</param>
    /// <param name="WatchedAt">When it was there, by the player's clock (RFC 3339); left out for now.</param>
    public sealed record Heartbeat(
        [property: Required] string? AssetId,
        [property: Required, Range(0, MaxSeconds)] double? Position,
        [property: Required, Range(0, MaxSeconds, MinimumIsExclusive = true)] double? Duration,
        string? WatchedAt);

    public static void Map(RouteGroupBuilder viewing) => viewing.MapPost("/heartbeats", HandleAsync)
        .WithMetadata(new CountedAs(RequestKind.Heartbeats))
        .Describe("recordHeartbeats", "Say where one is in films", "Every ten seconds or so, and when a player stops; one that was offline says it later. Of each film the newest word stands, in whatever order they come.")
        .AnswersNothing("All of it is durable.")
        .RefusesFields().Refuses(Busy);

    private static async Task<IResult> HandleAsync(JsonBody<Request> body, ClaimsPrincipal principal, HeartbeatWriter writer, TimeProvider time)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        var errors = new FieldErrors();
        var words = Read(body.Value, user, principal.ProfileOrNull() ?? Guid.Empty, time.GetUtcNow().UtcDateTime, errors);
        if (errors.Problem is { } wrong) return wrong;

        // Whether or not its sender still waits: what is in the queue is written.
        if (writer.Write(words) is not { } durable) return Busy;
        await durable;
        return TypedResults.NoContent();
    }

    private static List<Watched> Read(Request request, Guid user, Guid profile, DateTime now, FieldErrors errors)
    {
        var ahead = TimeSpan.Zero;
        if (request.SentAt is not null)
        {
            if (Moment.TryParse(request.SentAt, out var sent)) ahead = now - sent;
            else errors.Note("sentAt", "A moment with its offset (RFC 3339): 2026-12-24T18:00:00Z.");
        }

        var items = request.Items ?? [];
        if (items.Count is 0 or > MaxItems) errors.Note("items", $"1 to {MaxItems}.");
        var words = new List<Watched>();
        foreach (var (item, at) in items.Take(MaxItems).Select((item, at) => (item, at)))
        {
            var field = $"items[{at}]";
            if (!AssetId.TryParse(item?.AssetId, out var asset)) errors.Note(field + ".assetId", "An asset's id: 32 lower-case hexadecimal digits.");
            if (item?.Duration is not (> 0 and <= MaxSeconds)) errors.Note(field + ".duration", $"Seconds, above 0 and at most {MaxSeconds}.");
            if (item?.Position is not (>= 0 and <= MaxSeconds)) errors.Note(field + ".position", $"Seconds, 0 to {MaxSeconds}.");
            var moment = now;
            if (item?.WatchedAt is not null)
            {
                if (request.SentAt is null) errors.Note("sentAt", "When this was sent, by the same clock as 'watchedAt'.");
                if (!Moment.TryParse(item.WatchedAt, out var watched)) errors.Note(field + ".watchedAt", "A moment with its offset (RFC 3339).");
                else if (watched.Ticks + ahead.Ticks is var ticks && ticks < (now - Oldest).Ticks) errors.Note(field + ".watchedAt", $"At most {Oldest.TotalDays:0} days ago.");
                else moment = new DateTime(Math.Min(ticks, now.Ticks), DateTimeKind.Utc);
            }

            if (item is { Position: { } position, Duration: { } duration }) words.Add(new Watched(user, profile, asset.Value, (float)Math.Min(position, duration), (float)duration, moment));
        }

        return words;
    }
}
