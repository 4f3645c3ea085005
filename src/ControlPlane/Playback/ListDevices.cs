using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Playback;

/// <summary>
/// <c>GET /api/streaming/devices?after=…&amp;limit=…</c>: where its user has played, the last used first, a page at a time, and what plays there now;
/// <c>DELETE /api/streaming/devices/{deviceId}</c> ends what plays on one, and forgets it.
/// </summary>
internal static class ListDevices
{
    // By the microsecond it was last used at.
    private static readonly PageRules Pages = new(20, PlaybackStreams.MostDevices, 0, MostMicroseconds);

    private const long MostMicroseconds = 253_402_300_799_999_999;

    /// <param name="Items">The last used first.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<Device> Items, string? Next);

    /// <param name="Id">32 hexadecimal digits.</param>
    /// <param name="Name">As its player names it; null where none did.</param>
    /// <param name="Streams">What plays there now, and holds a place.</param>
    public sealed record Device(string Id, string? Name, DateTime FirstSeenAt, DateTime LastSeenAt, IReadOnlyList<DeviceStream> Streams);

    /// <param name="Session">Ends with <c>DELETE /api/streaming/sessions/{session}</c>.</param>
    /// <param name="AssetId">The film.</param>
    /// <param name="SeenAt">When its player last said that it plays.</param>
    public sealed record DeviceStream(string Session, string AssetId, DateTime StartedAt, DateTime SeenAt);

    public static void Map(RouteGroupBuilder streaming)
    {
        streaming.MapGet("/devices", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe("listDevices", "Where one has played, and what plays there now", "The last used first.")
            .Answers<Response>().PagedBy(Pages);
        streaming.MapDelete("/devices/{deviceId}", ForgetAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe("forgetDevice", "End what plays on a device, and forget it")
            .AnswersNothing().Refuses(NoDevice);
    }

    private static async Task<IResult> HandleAsync(
        string? after, string? limit, ClaimsPrincipal principal, PlaybackDatabase database, PlaybackStreams streams, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        if (errors.Problem is { } wrong) return wrong;

        List<DeviceRow> rows;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            rows = (await connection.QueryAsync<DeviceRow>(new CommandDefinition(
                $"""
                SELECT id AS Id, name AS Name, first_seen_at AS FirstSeenAt, last_seen_at AS LastSeenAt
                FROM devices WHERE user_id = @user {(cursor is null ? "" : "AND (last_seen_at, id) < (@seenAt, @id)")}
                ORDER BY last_seen_at DESC, id DESC LIMIT @most
                """,
                new
                {
                    user,
                    most = most + 1,
                    id = cursor?.Id,
                    seenAt = cursor is { } end ? DateTimeOffset.UnixEpoch.AddTicks(end.Order * TimeSpan.TicksPerMicrosecond) : (DateTimeOffset?)null,
                },
                cancellationToken: cancellationToken))).AsList();
        }

        var open = (await streams.OfAsync(user, cancellationToken)).ToLookup(stream => stream.DeviceId);
        var page = rows.Take(most).ToArray();
        return TypedResults.Json(
            new Response(
                [.. page.Select(row => new Device(
                    row.Id.ToString("N"),
                    row.Name,
                    row.FirstSeenAt,
                    row.LastSeenAt,
                    [.. open[row.Id].Select(stream => new DeviceStream(stream.Session.ToString("N"), stream.AssetId.ToString("N"), stream.StartedAt, stream.SeenAt))]))],
                rows.Count > most ? new PageCursor((page[^1].LastSeenAt - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, page[^1].Id).ToString() : null),
            ControlPlaneJson.Default.ListDevicesResponse);
    }

    private static async Task<IResult> ForgetAsync(
        string deviceId, ClaimsPrincipal principal, PlaybackDatabase database, PlaybackStreams streams, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(deviceId, "N", out var device)) return NoDevice;
        foreach (var stream in await streams.OfAsync(user, cancellationToken))
        {
            if (stream.DeviceId == device) await streams.EndAsync(stream.Session, cancellationToken);
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM devices WHERE user_id = @user AND id = @device", new { user, device }, cancellationToken: cancellationToken)) == 1
            ? TypedResults.NoContent()
            : NoDevice;
    }

    private static Problem NoDevice { get; } = Problem.NotFound("There is no such device.");

    private sealed record DeviceRow(Guid Id, string? Name, DateTime FirstSeenAt, DateTime LastSeenAt);
}
