using System.Globalization;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.Ingest.Assets;

namespace Movento.Ingest.Webhooks;

/// <summary>What was sent to an endpoint and what came of it; and again, one by one or all of a time.</summary>
internal static class DeliveryApi
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;
    public static readonly string[] States = ["pending", "delivered", "failed"];

    private const string Columns =
        """
        d.id as "Id", d.event_id as "Event", v.type as "Type", v.asset_id as "Asset", d.state as "State", d.attempts as "Attempts",
        case when d.state = 'pending' then d.next_at end as "NextAt", d.created_at as "CreatedAt", d.updated_at as "UpdatedAt", v.body as "Body"
        """;

    // An endpoint of the team's own, or no rows.
    private const string Tables =
        """
        webhook_deliveries d join webhook_events v on v.id = d.event_id
          join webhook_endpoints e on e.id = d.endpoint_id and e.id = @endpoint and e.team_id = @team
        """;

    public static void Map(IEndpointRouteBuilder webhooks)
    {
        webhooks.MapGet("/{id}/deliveries", ListAsync)
            .Describe("listDeliveries", "What was sent to an endpoint", "The newest first.")
            .Answers<DeliveryPage>().Pages(DefaultLimit, MaxLimit)
            .ReadsWord("state", "Only these.", States)
            .Refuses(IngestError.NoEndpoint, IngestError.InvalidPage, IngestError.InvalidDeliveryState);
        webhooks.MapGet("/{id}/deliveries/{deliveryId}", GetAsync)
            .Describe("getDelivery", "One delivery with what came of each attempt")
            .Answers<DeliveryDetail>().Refuses(IngestError.NoEndpoint);
        webhooks.MapPost("/{id}/deliveries/{deliveryId}/replay", ReplayOneAsync)
            .Describe("replayDelivery", "Send an event again")
            .Answers<DeliveryDetail>("It is due.", StatusCodes.Status202Accepted).Refuses(IngestError.NoEndpoint);
        webhooks.MapPost("/{id}/replay", ReplayAsync)
            .Describe("replayDeliveries", "Send the events of a time again")
            .Answers<ReplayView>("They are due.", StatusCodes.Status202Accepted).TakesJson<ReplayRequest>()
            .Refuses(IngestError.NoEndpoint, IngestError.InvalidReplay);
        webhooks.MapPost("/{id}/test", TestAsync)
            .Describe("testWebhook", "Send an event that says nothing")
            .Answers<DeliveryDetail>("It is due.", StatusCodes.Status202Accepted).Refuses(IngestError.NoEndpoint);
    }

    private static async Task<IResult> ListAsync(
        string id, ClaimsPrincipal user, IngestDatabase database, CancellationToken cancellationToken, string? after = null, string? limit = null,
        string? state = null)
    {
        if (!EndpointApi.TryRead(id, user, out var endpoint, out var team)) return IngestError.NoEndpoint.Result();
        var count = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > MaxLimit)) return IngestError.InvalidPage.Result();
        Guid? before = null;
        if (after is not null)
        {
            if (!WebhookId.TryParse(after, out var last)) return IngestError.InvalidPage.Result();
            before = last;
        }
        if (state is not null && !States.Contains(state)) return IngestError.InvalidDeliveryState.Result();

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        if (!await ExistsAsync(connection, endpoint, team, cancellationToken)) return IngestError.NoEndpoint.Result();
        var rows = (await connection.QueryAsync<DeliveryRow>(new CommandDefinition(
            $"""
            select {Columns} from {Tables}
            where true
              {(before is null ? "" : "and (d.created_at, d.id) < (select created_at, id from webhook_deliveries where id = @before)")}
              {(state is null ? "" : "and d.state = @state")}
            order by d.created_at desc, d.id desc limit @take
            """,
            new { endpoint, team, before, state, take = count + 1 }, cancellationToken: cancellationToken))).AsList();
        var page = rows.Take(count).ToList();
        var attempts = (await connection.QueryAsync<AttemptRow>(new CommandDefinition(
            $"""
            select distinct on (delivery_id) {AttemptRow.Columns} from webhook_attempts where delivery_id = any(@deliveries)
            order by delivery_id, number desc
            """,
            new { deliveries = page.Select(row => row.Id).ToArray() }, cancellationToken: cancellationToken))).ToDictionary(row => row.Delivery);
        return TypedResults.Json(
            new DeliveryPage(
                [.. page.Select(row => row.View(attempts.GetValueOrDefault(row.Id)))], rows.Count > count ? page[^1].Id.ToString("N") : null),
            WebhookJson.Default.DeliveryPage);
    }

    private static async Task<IResult> GetAsync(
        string id, string deliveryId, ClaimsPrincipal user, IngestDatabase database, CancellationToken cancellationToken)
    {
        if (!EndpointApi.TryRead(id, user, out var endpoint, out var team) || !WebhookId.TryParse(deliveryId, out var delivery))
            return IngestError.NoEndpoint.Result();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await DetailAsync(connection, endpoint, team, delivery, StatusCodes.Status200OK, cancellationToken);
    }

    private static async Task<IResult> ReplayOneAsync(
        string id, string deliveryId, ClaimsPrincipal user, IngestDatabase database, WebhookSignal signal, CancellationToken cancellationToken)
    {
        if (!EndpointApi.TryRead(id, user, out var endpoint, out var team) || !WebhookId.TryParse(deliveryId, out var delivery))
            return IngestError.NoEndpoint.Result();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update webhook_deliveries set state = 'pending', tries = 0, next_at = now(), updated_at = now()
            where id = @delivery and endpoint_id = (select id from webhook_endpoints where id = @endpoint and team_id = @team)
            """,
            new { delivery, endpoint, team }, cancellationToken: cancellationToken));
        signal.Set();
        return await DetailAsync(connection, endpoint, team, delivery, StatusCodes.Status202Accepted, cancellationToken);
    }

    // Also what happened while the endpoint was disabled, or before it was made.
    private static async Task<IResult> ReplayAsync(
        string id, HttpContext context, IngestDatabase database, WebhookSignal signal, CancellationToken cancellationToken)
    {
        if (!EndpointApi.TryRead(id, context.User, out var endpoint, out var team)) return IngestError.NoEndpoint.Result();
        var (request, error) = await RequestJson.ReadAsync(context.Request, WebhookJson.Default.ReplayRequest);
        if (error is not null) return error.Result();
        if (request!.Since is not { } since) return IngestError.InvalidReplay.Result();

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        if (!await ExistsAsync(connection, endpoint, team, cancellationToken)) return IngestError.NoEndpoint.Result();
        var deliveries = await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into webhook_deliveries (id, endpoint_id, event_id)
            select gen_random_uuid(), e.id, v.id from webhook_endpoints e join webhook_events v on v.team_id = e.team_id and v.type = any(e.events)
            where e.id = @endpoint and v.created_at >= @since and v.created_at < coalesce(cast(@until as timestamptz), 'infinity')
              and (not @onlyFailed or exists (
                select from webhook_deliveries d where d.endpoint_id = e.id and d.event_id = v.id and d.state = 'failed'))
            on conflict (endpoint_id, event_id) do update set state = 'pending', tries = 0, next_at = now(), updated_at = now()
            """,
            new
            {
                endpoint, since = since.UtcDateTime, until = request.Until?.UtcDateTime, onlyFailed = request.OnlyFailed ?? false,
            },
            cancellationToken: cancellationToken));
        signal.Set();
        return TypedResults.Json(new ReplayView(deliveries), WebhookJson.Default.ReplayView, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> TestAsync(
        string id, ClaimsPrincipal user, IngestDatabase database, WebhookSignal signal, CancellationToken cancellationToken)
    {
        if (!EndpointApi.TryRead(id, user, out var endpoint, out var team)) return IngestError.NoEndpoint.Result();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        if (!await ExistsAsync(connection, endpoint, team, cancellationToken)) return IngestError.NoEndpoint.Result();
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var message = await WebhookOutbox.KeepAsync(connection, transaction, team, asset: null, WebhookEventType.Test, data: null, cancellationToken);
        var delivery = Guid.CreateVersion7();
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into webhook_deliveries (id, endpoint_id, event_id) values (@delivery, @endpoint, @message)", new { delivery, endpoint, message },
            transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        signal.Set();
        return await DetailAsync(connection, endpoint, team, delivery, StatusCodes.Status202Accepted, cancellationToken);
    }

    private static Task<bool> ExistsAsync(Npgsql.NpgsqlConnection connection, Guid endpoint, Guid team, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from webhook_endpoints where id = @endpoint and team_id = @team)", new { endpoint, team },
            cancellationToken: cancellationToken));

    private static async Task<IResult> DetailAsync(
        Npgsql.NpgsqlConnection connection, Guid endpoint, Guid team, Guid delivery, int status, CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<DeliveryRow>(new CommandDefinition(
            $"select {Columns} from {Tables} where d.id = @delivery", new { endpoint, team, delivery }, cancellationToken: cancellationToken));
        if (row is null) return IngestError.NoEndpoint.Result();
        var attempts = (await connection.QueryAsync<AttemptRow>(new CommandDefinition(
            $"select {AttemptRow.Columns} from webhook_attempts where delivery_id = @delivery order by number desc limit {MaxLimit}", new { delivery },
            cancellationToken: cancellationToken))).AsList();
        return TypedResults.Json(
            new DeliveryDetail(row.View(attempts.FirstOrDefault()), row.Body, [.. attempts.Select(attempt => attempt.View())]),
            WebhookJson.Default.DeliveryDetail, statusCode: status);
    }

    private sealed class DeliveryRow
    {
        public Guid Id { get; init; }
        public Guid Event { get; init; }
        public string Type { get; init; } = "";
        public Guid? Asset { get; init; }
        public string State { get; init; } = "";
        public int Attempts { get; init; }
        public DateTime? NextAt { get; init; }
        public DateTime CreatedAt { get; init; }
        public DateTime UpdatedAt { get; init; }
        public string Body { get; init; } = "";

        public DeliveryView View(AttemptRow? last) => new(
            Id.ToString("N"), WebhookId.OfEvent(Event), Type, Asset is { } asset ? new AssetId(asset).ToString() : null, State, Attempts,
            NextAt is { } next ? new DateTimeOffset(next) : null, new DateTimeOffset(CreatedAt), new DateTimeOffset(UpdatedAt), last?.View());
    }

    private sealed class AttemptRow
    {
        public const string Columns =
            """
            delivery_id as "Delivery", number as "Number", at as "At", status as "Status", error as "Error", milliseconds as "Milliseconds",
            snippet as "Snippet"
            """;

        public Guid Delivery { get; init; }
        public int Number { get; init; }
        public DateTime At { get; init; }
        public int? Status { get; init; }
        public string? Error { get; init; }
        public int Milliseconds { get; init; }
        public string Snippet { get; init; } = "";

        public AttemptView View() => new(Number, new DateTimeOffset(At), Status, Error, Milliseconds, Snippet);
    }
}
