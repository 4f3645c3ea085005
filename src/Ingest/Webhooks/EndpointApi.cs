using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.Ingest.Assets;

namespace Movento.Ingest.Webhooks;

/// <summary>A team's endpoints: made, changed, given another secret, removed. Those of others do not exist.</summary>
internal static class EndpointApi
{
    public const int MaxDescription = 200;
    public const int MaxOverlapSeconds = 30 * 24 * 3600;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<IngestOptions>();
        var webhooks = routes.MapGroup("/api/webhooks").RequireAuthorization(Access.EditorPolicy).WithTags("Webhooks")
            .WithMetadata(new RequestSizeLimitAttribute(RequestJson.MaxBytes));
        webhooks.MapGet("", ListAsync)
            .Describe("listWebhooks", "The team's endpoints", "The oldest first.")
            .Answers<EndpointList>().IsWhole(options.Webhooks.MaxEndpoints).Refuses(IngestError.NoUser);
        webhooks.MapPost("", CreateAsync)
            .Describe("createWebhook", "Have events sent to a server of one's own", "Signed as Standard Webhooks say, until they are taken (docs/formats/webhooks.md).")
            .Answers<EndpointView>("With its `secret`, which is shown this once.", StatusCodes.Status201Created)
            .WithAnswerHeader("Location", "The endpoint.", StatusCodes.Status201Created)
            .TakesJson<EndpointRequest>()
            .Refuses(IngestError.NoUser, IngestError.InvalidUrl, IngestError.InvalidDescription, IngestError.InvalidEvents, IngestError.TooManyEndpoints);
        webhooks.MapGet("/{id}", GetAsync)
            .Describe("getWebhook", "One endpoint")
            .Answers<EndpointView>().Refuses(IngestError.NoEndpoint);
        webhooks.MapPatch("/{id}", ChangeAsync)
            .Describe("changeWebhook", "Change an endpoint", "What is left out stays. One that is enabled again begins anew, whatever had gone wrong.")
            .Answers<EndpointView>().TakesJson<EndpointPatch>()
            .Refuses(IngestError.NoEndpoint, IngestError.InvalidUrl, IngestError.InvalidDescription, IngestError.InvalidEvents);
        webhooks.MapDelete("/{id}", DeleteAsync)
            .Describe("deleteWebhook", "Remove an endpoint")
            .AnswersNothing().Refuses(IngestError.NoEndpoint);
        webhooks.MapPost("/{id}/secret", RotateAsync)
            .Describe("rotateWebhookSecret", "Give an endpoint a new secret", "The one before signs too, for a while.")
            .Answers<RotationView>("The secret is shown this once.").TakesJson<RotationRequest>(isRequired: false)
            .Refuses(IngestError.NoEndpoint, IngestError.InvalidOverlap);
        DeliveryApi.Map(webhooks);
    }

    private static async Task<IResult> ListAsync(ClaimsPrincipal user, IngestDatabase database, CancellationToken cancellationToken)
    {
        if (!Owner.TryGetTeam(user, out var team)) return IngestError.NoUser.Result();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<EndpointRow>(new CommandDefinition(
            $"select {EndpointRow.Columns} from webhook_endpoints where team_id = @team order by id", new { team }, cancellationToken: cancellationToken));
        return TypedResults.Json(new EndpointList([.. rows.Select(row => row.View())]), WebhookJson.Default.EndpointList);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, IngestDatabase database, WebhookSigner signer, IngestOptions options, CancellationToken cancellationToken)
    {
        if (!Owner.TryGetTeam(context.User, out var team)) return IngestError.NoUser.Result();
        var (request, error) = await RequestJson.ReadAsync(context.Request, WebhookJson.Default.EndpointRequest);
        if (error is not null) return error.Result();
        if (!WebhookUrl.TryRead(request!.Url, options.Webhooks, out var url)) return IngestError.InvalidUrl.Result();
        if (!IsDescription(request.Description)) return IngestError.InvalidDescription.Result();
        if (!AreEvents(request.Events)) return IngestError.InvalidEvents.Result();

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // One at a time for a team, so that two cannot both be its last.
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended('movento.webhooks.' || @team, 0))", new { team = team.ToString("N") }, transaction,
            cancellationToken: cancellationToken));
        var row = await connection.QuerySingleOrDefaultAsync<EndpointRow>(new CommandDefinition(
            $"""
            insert into webhook_endpoints (id, team_id, url, description, events)
            select @id, @team, @url, @description, @events
            where (select count(*) from webhook_endpoints where team_id = @team) < @MaxEndpoints
            returning {EndpointRow.Columns}
            """,
            new
            {
                id = Guid.CreateVersion7(), team, url = url.AbsoluteUri, description = request.Description?.Trim() ?? "",
                events = Events(request.Events), options.Webhooks.MaxEndpoints,
            },
            transaction, cancellationToken: cancellationToken));
        if (row is null) return IngestError.TooManyEndpoints.Result();
        await transaction.CommitAsync(cancellationToken);
        context.Response.Headers.Location = $"/api/webhooks/{row.Id:N}";
        // A secret is nobody else's to keep.
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            row.View(signer.SecretOf(row.Id, row.SecretNumber)), WebhookJson.Default.EndpointView, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(string id, ClaimsPrincipal user, IngestDatabase database, CancellationToken cancellationToken)
    {
        if (!TryRead(id, user, out var endpoint, out var team)) return IngestError.NoEndpoint.Result();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return Result(await connection.QuerySingleOrDefaultAsync<EndpointRow>(new CommandDefinition(
            $"select {EndpointRow.Columns} from webhook_endpoints where id = @endpoint and team_id = @team", new { endpoint, team },
            cancellationToken: cancellationToken)));
    }

    private static async Task<IResult> ChangeAsync(
        string id, HttpContext context, IngestDatabase database, WebhookSignal signal, IngestOptions options, CancellationToken cancellationToken)
    {
        if (!TryRead(id, context.User, out var endpoint, out var team)) return IngestError.NoEndpoint.Result();
        var (patch, error) = await RequestJson.ReadAsync(context.Request, WebhookJson.Default.EndpointPatch);
        if (error is not null) return error.Result();
        Uri? url = null;
        if (patch!.Url is not null && !WebhookUrl.TryRead(patch.Url, options.Webhooks, out url)) return IngestError.InvalidUrl.Result();
        if (!IsDescription(patch.Description)) return IngestError.InvalidDescription.Result();
        if (!AreEvents(patch.Events)) return IngestError.InvalidEvents.Result();

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // Enabled again it begins anew, whatever had gone wrong; what was pending is due.
        var row = await connection.QuerySingleOrDefaultAsync<EndpointRow>(new CommandDefinition(
            $"""
            update webhook_endpoints set url = coalesce(@url, url), description = coalesce(@description, description), events = coalesce(@events, events),
              failures = case when @enabled then 0 else failures end,
              disabled_at = case when @enabled then null when not @enabled then coalesce(disabled_at, now()) else disabled_at end,
              disabled_reason = case when @enabled then null when not @enabled then coalesce(disabled_reason, 'owner') else disabled_reason end,
              updated_at = now()
            where id = @endpoint and team_id = @team
            returning {EndpointRow.Columns}
            """,
            new
            {
                endpoint, team, url = url?.AbsoluteUri, description = patch.Description?.Trim(), events = patch.Events is null ? null : Events(patch.Events),
                enabled = patch.Enabled,
            },
            cancellationToken: cancellationToken));
        signal.Set();
        return Result(row);
    }

    private static async Task<IResult> DeleteAsync(string id, ClaimsPrincipal user, IngestDatabase database, CancellationToken cancellationToken)
    {
        if (!TryRead(id, user, out var endpoint, out var team)) return IngestError.NoEndpoint.Result();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from webhook_endpoints where id = @endpoint and team_id = @team", new { endpoint, team }, cancellationToken: cancellationToken)) == 1
            ? TypedResults.NoContent()
            : IngestError.NoEndpoint.Result();
    }

    private static async Task<IResult> RotateAsync(
        string id, HttpContext context, IngestDatabase database, WebhookSigner signer, IngestOptions options, CancellationToken cancellationToken)
    {
        if (!TryRead(id, context.User, out var endpoint, out var team)) return IngestError.NoEndpoint.Result();
        var (request, error) = await RequestJson.ReadAsync(context.Request, WebhookJson.Default.RotationRequest, new RotationRequest(null));
        if (error is not null) return error.Result();
        if (request!.KeepPreviousSeconds is not (null or (>= 0 and <= MaxOverlapSeconds))) return IngestError.InvalidOverlap.Result();
        var overlap = request.KeepPreviousSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.Webhooks.SecretOverlap;
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var rotated = await connection.QuerySingleOrDefaultAsync<(int Number, DateTime PreviousUntil)?>(new CommandDefinition(
            """
            update webhook_endpoints set secret_number = secret_number + 1, previous_until = now() + @overlap, updated_at = now()
            where id = @endpoint and team_id = @team
            returning secret_number, previous_until
            """,
            new { endpoint, team, overlap }, cancellationToken: cancellationToken));
        if (rotated is not { } now) return IngestError.NoEndpoint.Result();
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(
            new RotationView(signer.SecretOf(endpoint, now.Number), new DateTimeOffset(now.PreviousUntil)), WebhookJson.Default.RotationView);
    }

    /// <summary>Whose endpoint is asked for.</summary>
    internal static bool TryRead(string id, ClaimsPrincipal user, out Guid endpoint, out Guid team)
    {
        team = default;
        return WebhookId.TryParse(id, out endpoint) && Owner.TryGetTeam(user, out team);
    }

    private static IResult Result(EndpointRow? row) =>
        row is null ? IngestError.NoEndpoint.Result() : TypedResults.Json(row.View(), WebhookJson.Default.EndpointView);

    private static bool IsDescription(string? text) => text is null || text.Length <= MaxDescription && !text.Any(char.IsControl);

    private static bool AreEvents(string[]? events) => events is null || events.Length <= WebhookEventType.All.Length && !events.Except(WebhookEventType.All).Any();

    private static string[] Events(string[]? events) => events is null or [] ? WebhookEventType.Usual : [.. events.Distinct()];
}
