using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Movento.Contracts;
using Movento.Ingest.Assets;
using Movento.Packager;
using Movento.Packager.Subtitles;
using Movento.Storage;

namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>
/// Subtitles of an asset as files: the text is the body of the request, <c>POST …/subtitles</c>, and <c>PUT …/subtitles/{fileName}</c> for <c>curl -T</c>.
/// </summary>
internal static class SidecarEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var sidecars = routes.MapGroup("/api/assets/{id}/subtitles").RequireAuthorization(Access.EditorPolicy).WithTags("Subtitles")
            .WithMetadata(new RequestSizeLimitAttribute(SubtitleLimits.MaxSize + SmallBody.Slack));
        sidecars.MapGet("", ListAsync);
        sidecars.MapPost("", (string id, HttpContext context, AssetReader reader, SidecarShelf shelf, string? language, string? role, string? name, string? fileName) =>
            AddAsync(id, context, reader, shelf, language, role, name, fileName));
        sidecars.MapPut("/{fileName}", (string id, string fileName, HttpContext context, AssetReader reader, SidecarShelf shelf, string? language, string? role, string? name) =>
            AddAsync(id, context, reader, shelf, language, role, name, fileName));
        sidecars.MapDelete("/{sidecarId}", RemoveAsync);
    }

    private static async Task<IResult> ListAsync(string id, ClaimsPrincipal user, AssetReader reader, SidecarShelf shelf, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(id, user, cancellationToken) is not { } row) return IngestError.NotFound.Result();
        var (items, _, isPublished) = await shelf.ListAsync(new AssetId(row.Id), cancellationToken);
        return TypedResults.Json(new SidecarList([.. items.Select(item => item.View(isPublished))]), SidecarJson.Default.SidecarList);
    }

    private static async Task<IResult> AddAsync(
        string id, HttpContext context, AssetReader reader, SidecarShelf shelf, string? language, string? role, string? name, string? fileName)
    {
        var cancellationToken = context.RequestAborted;
        if (await reader.FindAsync(id, context.User, cancellationToken) is not { } row) return IngestError.NotFound.Result();
        if (SidecarNames.Read(language, role, name, fileName, out var names) is { } invalid) return invalid.Result();
        if (context.Request.ContentLength > SubtitleLimits.MaxSize) return IngestError.SubtitlesTooLarge.Result();
        if (await SmallBody.ReadAsync(context.Request.Body, SubtitleLimits.MaxSize, cancellationToken) is not { } body) return IngestError.SubtitlesTooLarge.Result();
        if (body.Length == 0) return IngestError.Empty.Result();
        try
        {
            var text = SidecarText.Read(body);
            var (sidecar, error) = await shelf.AddAsync(new AssetId(row.Id), names, text, cancellationToken);
            if (sidecar is null) return error!.Result();
            var view = sidecar.View(isPublished: false);
            context.Response.Headers.Location = $"/api/assets/{id}/subtitles/{view.Id}";
            return TypedResults.Json(view, SidecarJson.Default.SidecarView, statusCode: StatusCodes.Status201Created);
        }
        catch (MediaFormatException exception)
        {
            // Our own reader's sentence: what is wrong, and at which byte.
            return (IngestError.InvalidSubtitles with { Message = $"The file is neither SubRip nor WebVTT that can be read. {exception.Message}" }).Result();
        }
        catch (ObjectStoreException)
        {
            context.Response.Headers.RetryAfter = "5";
            return IngestError.StorageUnavailable.Result();
        }
    }

    private static async Task<IResult> RemoveAsync(
        string id, string sidecarId, ClaimsPrincipal user, AssetReader reader, SidecarShelf shelf, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, user, cancellationToken) is { } row && Guid.TryParseExact(sidecarId, "N", out var sidecar)
        && await shelf.RemoveAsync(new AssetId(row.Id), sidecar, cancellationToken)
            ? TypedResults.NoContent()
            : IngestError.NotFound.Result();
}
