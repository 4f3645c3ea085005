using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Movento.Contracts;
using Movento.Ingest.Upload;

namespace Movento.Ingest.Assets;

/// <summary>A team's own assets; those of others do not exist.</summary>
internal static class AssetEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var assets = routes.MapGroup("/api/assets").RequireAuthorization(Access.EditorPolicy).WithTags("Assets")
            .WithMetadata(new RequestSizeLimitAttribute(RequestJson.MaxBytes));
        assets.MapGet("", ListAsync);
        assets.MapGet("/events", (HttpContext context, TeamEvents events) => events.StreamAsync(context));
        assets.MapGet("/{id}", GetAsync);
        assets.MapPatch("/{id}", PatchAsync);
        assets.MapDelete("/{id}", DeleteAsync);
        assets.MapGet("/{id}/events", (string id, HttpContext context, AssetEvents events) => events.StreamAsync(id, context));
        assets.MapPost("/{id}/cancel", CancelAsync);
        assets.MapGet("/{id}/versions", VersionsAsync);
        assets.MapPost("/{id}/versions", EncodeAgainAsync);
        assets.MapGet("/{id}/versions/{version:int}/receipt", VersionReceipt.GetAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, AssetList list, CancellationToken cancellationToken)
    {
        if (!Owner.TryGetTeam(context.User, out var team)) return IngestError.NoUser.Result();
        if (AssetQuery.Read(context.Request.Query, out var query) is { } invalid) return invalid.Result();
        return TypedResults.Json(await list.ReadAsync(team, query, cancellationToken), AssetJson.Default.AssetPage);
    }

    private static async Task<IResult> GetAsync(string id, ClaimsPrincipal user, AssetReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, user, cancellationToken) is { } row ? View(row) : IngestError.NotFound.Result();

    private static async Task<IResult> PatchAsync(
        string id, HttpContext context, IngestDatabase database, AssetReader reader, CancellationToken cancellationToken)
    {
        var (patch, error) = await RequestJson.ReadAsync(context.Request, AssetJson.Default.AssetPatch);
        if (error is not null) return error.Result();
        if (patch is { Priority: null, Title: null }) return IngestError.NothingToChange.Result();
        if (patch!.Priority is { } priority && !UploadPriority.IsValid(priority)) return IngestError.InvalidPriority.Result();
        var names = new UploadNames("", "");
        if (patch.Title is not null && UploadNames.Read(patch.Title, null, out names) is { } invalid) return invalid.Result();
        if (await reader.FindAsync(id, context.User, cancellationToken) is not { } row) return IngestError.NotFound.Result();
        await using (var connection = await database.Source.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "update assets set priority = coalesce(@priority, priority), title = coalesce(@title, title) where id = @Id",
                new { row.Id, priority = (short?)patch.Priority, title = patch.Title is null ? null : names.Title }, cancellationToken: cancellationToken));
        }
        return await GetAsync(id, context.User, reader, cancellationToken);
    }

    private static async Task<IResult> DeleteAsync(
        string id, ClaimsPrincipal user, AssetRemoval removal, CancellationToken cancellationToken) =>
        Owner.TryGetTeam(user, out var team) && AssetId.TryParse(id, out var asset) && await removal.BeginAsync(asset, team, cancellationToken)
            ? TypedResults.NoContent()
            : IngestError.NotFound.Result();

    private static async Task<IResult> CancelAsync(
        string id, ClaimsPrincipal user, AssetReader reader, AssetCancellation cancellation, AssetRemoval removal, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(id, user, cancellationToken) is not { } row || !Owner.TryGetTeam(user, out var team)) return IngestError.NotFound.Result();
        var asset = new AssetId(row.Id);
        // Of an upload that has not arrived there is nothing to keep.
        if (row.State == AssetState.Receiving && await removal.BeginReceivingAsync(asset, team, cancellationToken)) return TypedResults.NoContent();
        return await cancellation.CancelAsync(asset, team, cancellationToken)
            ? await GetAsync(id, user, reader, cancellationToken)
            : IngestError.NotRunning.Result();
    }

    private static async Task<IResult> VersionsAsync(
        string id, ClaimsPrincipal user, AssetReader reader, IngestDatabase database, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(id, user, cancellationToken) is not { } row) return IngestError.NotFound.Result();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // A number that was only reserved, for a version without an encode, is retired in the moment in which its row is made.
        var versions = await connection.QueryAsync<(int Version, DateTime PublishedAt, DateTime? RetiredAt)>(new CommandDefinition(
            """
            select version, published_at, retired_at from asset_versions
            where asset_id = @Id and (retired_at is null or retired_at > published_at) order by version desc
            """,
            new { row.Id }, cancellationToken: cancellationToken));
        return TypedResults.Json(
            new VersionList([.. versions.Select(version => new VersionView(
                version.Version, new DateTimeOffset(version.PublishedAt), version.RetiredAt is { } retired ? new DateTimeOffset(retired) : null))]),
            AssetJson.Default.VersionList);
    }

    private static async Task<IResult> EncodeAgainAsync(
        string id, HttpContext context, AssetReader reader, AnotherVersion another, CancellationToken cancellationToken)
    {
        var (request, error) = await RequestJson.ReadAsync(context.Request, AssetJson.Default.VersionRequest, new VersionRequest(null));
        if (error is not null) return error.Result();
        if (!UploadPriority.IsValid(request!.Priority ?? 0)) return IngestError.InvalidPriority.Result();
        if (await reader.FindAsync(id, context.User, cancellationToken) is not { } row || !Owner.TryGetTeam(context.User, out var team))
            return IngestError.NotFound.Result();
        if (!row.IsFinal) return IngestError.Busy.Result();
        if (await another.QueueAsync(new AssetId(row.Id), team, request.Priority, cancellationToken) is { } refused) return refused.Result();
        context.Response.Headers.Location = $"/api/assets/{new AssetId(row.Id)}";
        return await reader.FindAsync(id, context.User, cancellationToken) is { } queued
            ? TypedResults.Json(queued.View(), AssetJson.Default.AssetView, statusCode: StatusCodes.Status202Accepted)
            : IngestError.NotFound.Result();
    }

    private static JsonHttpResult<AssetView> View(AssetRow row) => TypedResults.Json(row.View(), AssetJson.Default.AssetView);
}
