using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.Contracts;

namespace Movento.Ingest.Assets;

/// <summary>An editor's own assets; those of others do not exist.</summary>
internal static class AssetEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var assets = routes.MapGroup("/api/assets").RequireAuthorization(Access.EditorPolicy).WithTags("Assets");
        assets.MapGet("", ListAsync);
        assets.MapGet("/{id}", GetAsync);
        assets.MapGet("/{id}/events", (string id, HttpContext context, AssetEvents events) => events.StreamAsync(id, context));
        assets.MapDelete("/{id}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(
        ClaimsPrincipal user, IngestDatabase database, CancellationToken cancellationToken, string? after = null, string? limit = null)
    {
        if (!Owner.TryGet(user, out var owner)) return IngestError.NoUser.Result();
        AssetId? before = null;
        if (after is not null)
        {
            if (!AssetId.TryParse(after, out var id)) return IngestError.InvalidPage.Result();
            before = id;
        }
        var count = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, out count) || count is < 1 or > MaxLimit)) return IngestError.InvalidPage.Result();

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<AssetRow>(new CommandDefinition(
            $"""
            select {AssetRow.Columns} from assets
            where owner_id = @owner and state <> 'deleting' and (cast(@before as uuid) is null or id < @before)
            order by id desc limit @take
            """,
            new { owner, before = before?.Value, take = count + 1 }, cancellationToken: cancellationToken))).ToList();
        var items = rows.Take(count).Select(row => row.View()).ToList();
        return TypedResults.Json(new AssetPage(items, rows.Count > count ? items[^1].Id : null), AssetJson.Default.AssetPage);
    }

    private static async Task<IResult> GetAsync(string id, ClaimsPrincipal user, AssetReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, user, cancellationToken) is { } row
            ? TypedResults.Json(row.View(), AssetJson.Default.AssetView)
            : IngestError.NotFound.Result();

    private static async Task<IResult> DeleteAsync(
        string id, ClaimsPrincipal user, AssetRemoval removal, CancellationToken cancellationToken) =>
        Owner.TryGet(user, out var owner) && AssetId.TryParse(id, out var asset) && await removal.BeginAsync(asset, owner, cancellationToken)
            ? TypedResults.NoContent()
            : IngestError.NotFound.Result();
}
