using System.Globalization;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.Ingest.Upload;

namespace Movento.Ingest.Assets;

/// <summary>A team's own assets; those of others do not exist.</summary>
internal static class AssetEndpoints
{
    private const int DefaultVersions = 50;
    private const int MaxVersions = 100;

    private static readonly IngestError InvalidVersionPage = new("invalid_page", 400, $"after must be a version's number, and limit a number from 1 to {MaxVersions}.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        var assets = routes.MapGroup("/api/assets").RequireAuthorization(Access.EditorPolicy).WithTags("Assets")
            .WithMetadata(new RequestSizeLimitAttribute(RequestJson.MaxBytes));
        assets.MapGet("", ListAsync)
            .Describe("listAssets", "The team's assets", "The newest first. A stream of changes that goes on from `events` tells everything that the page does not show yet.")
            .Answers<AssetPage>().Pages(AssetQuery.DefaultLimit, AssetQuery.MaxLimit)
            .ReadsText("state", $"One or several of {string.Join(", ", AssetQuery.KnownStates)}, with commas between them.", maxLength: 100)
            .ReadsText("title", "A part of it, in whatever case.", maxLength: AssetQuery.MaxTitle)
            .ReadsText("createdFrom", "Created then or later (RFC 3339).", maxLength: 40)
            .ReadsText("createdTo", "Created before (RFC 3339).", maxLength: 40)
            .Refuses(IngestError.NoUser, IngestError.InvalidPage, IngestError.InvalidFilter);
        assets.MapGet("/events", (HttpContext context, TeamEvents events) => events.StreamAsync(context))
            .Describe("streamAssetsEvents", "All changes of the team's assets", "Server-sent events without end: `open`, `asset` with the whole asset, `deleted` with its id, and `reset` where the list is to be read anew.")
            .AnswersAs<string>("text/event-stream", "Each event's data is JSON: of `asset` an `AssetView`, of `deleted` `{id}`, of `open` and `reset` `{}`.")
            .ReadsHeader("Last-Event-ID", "The last event that was heard: from there it goes on.")
            .ReadsText("lastEventId", "The same, for a first request: `events` of a list.", maxLength: 100)
            .Refuses(IngestError.NoUser, IngestError.TooManyStreams);
        assets.MapGet("/{id}", GetAsync)
            .Describe("getAsset", "One asset, as it is now")
            .Answers<AssetView>().Refuses(IngestError.NotFound);
        assets.MapPatch("/{id}", PatchAsync)
            .Describe("changeAsset", "Change an asset's priority, its title, or both", "A film that is in the catalogue already is renamed there by `patchMovieDetails`.")
            .Answers<AssetView>().TakesJson<AssetPatch>()
            .Refuses(IngestError.NotFound, IngestError.NothingToChange, IngestError.InvalidPriority, IngestError.InvalidTitle);
        assets.MapDelete("/{id}", DeleteAsync)
            .Describe("deleteAsset", "Remove an asset with everything of it", "What runs is cancelled.")
            .AnswersNothing().Refuses(IngestError.NotFound);
        assets.MapGet("/{id}/events", (string id, HttpContext context, AssetEvents events) => events.StreamAsync(id, context))
            .Describe("streamAssetEvents", "An asset at each change", "Server-sent events: `asset` with the whole asset, until nothing more is done to it; `deleted` where it is gone.")
            .AnswersAs<string>("text/event-stream", "Each event's data is JSON: of `asset` an `AssetView`, of `deleted` `{id}`.")
            .ReadsHeader("Last-Event-ID", "The revision that was heard last.")
            .Refuses(IngestError.NotFound, IngestError.TooManyStreams);
        assets.MapPost("/{id}/cancel", CancelAsync)
            .Describe("cancelAsset", "Stop what is done to an asset")
            .Answers<AssetView>("The work has stopped.").AnswersNothing("It had not arrived yet, and is removed.")
            .Refuses(IngestError.NotFound, IngestError.NotRunning);
        assets.MapGet("/{id}/versions", VersionsAsync)
            .Describe("listVersions", "The versions of an asset whose media is there", "The newest first.")
            .Answers<VersionList>().Pages(DefaultVersions, MaxVersions).Refuses(IngestError.NotFound, InvalidVersionPage);
        assets.MapPost("/{id}/versions", EncodeAgainAsync)
            .Describe("encodeAgain", "Encode an asset again from its source", "The old version plays until the new one takes its place.")
            .Answers<AssetView>("It waits for a worker.", StatusCodes.Status202Accepted)
            .WithAnswerHeader("Location", "The asset.", StatusCodes.Status202Accepted)
            .TakesJson<VersionRequest>(isRequired: false)
            .Refuses(IngestError.NotFound, IngestError.InvalidPriority, IngestError.Busy, IngestError.NoSource);
        assets.MapGet("/{id}/versions/{version:int}/receipt", VersionReceipt.GetAsync)
            .Describe("getReceipt", "How a version was made", "Its sources, its ladder, the commands and what came of them (docs/formats/receipt.md).")
            .Answers<System.Text.Json.Nodes.JsonObject>().Refuses(IngestError.NotFound, IngestError.NoVersion);
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
        string id, string? after, string? limit, ClaimsPrincipal user, AssetReader reader, IngestDatabase database, CancellationToken cancellationToken)
    {
        var (before, most) = ((int?)null, DefaultVersions);
        if (after is not null)
        {
            if (!int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var last)) return InvalidVersionPage.Result();
            before = last;
        }
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MaxVersions))
            return InvalidVersionPage.Result();
        if (await reader.FindAsync(id, user, cancellationToken) is not { } row) return IngestError.NotFound.Result();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // A number that was only reserved, for a version without an encode, is retired in the moment in which its row is made.
        var versions = (await connection.QueryAsync<(int Version, DateTime PublishedAt, DateTime? RetiredAt)>(new CommandDefinition(
            $"""
            select version, published_at, retired_at from asset_versions
            where asset_id = @Id and (retired_at is null or retired_at > published_at) {(before is null ? "" : "and version < @before")}
            order by version desc limit @take
            """,
            new { row.Id, before, take = most + 1 }, cancellationToken: cancellationToken))).AsList();
        var page = versions.Take(most).Select(version => new VersionView(
            version.Version, new DateTimeOffset(version.PublishedAt), version.RetiredAt is { } retired ? new DateTimeOffset(retired) : null)).ToList();
        return TypedResults.Json(
            new VersionList(page, versions.Count > most ? page[^1].Version.ToString(CultureInfo.InvariantCulture) : null),
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
