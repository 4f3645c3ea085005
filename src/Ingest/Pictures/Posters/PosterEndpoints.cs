using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.Ingest.Assets;
using Movento.Storage;

namespace Movento.Ingest.Pictures.Posters;

/// <summary>A team's own poster: the picture is the body of <c>PUT …/poster</c>; <c>DELETE</c> brings the film's own back.</summary>
internal static class PosterEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var poster = routes.MapGroup("/api/assets/{id}/poster").RequireAuthorization(Access.EditorPolicy).WithTags("Posters")
            .WithMetadata(new RequestSizeLimitAttribute(PosterLimits.MaxBytes + SmallBody.Slack));
        poster.MapPut("", PutAsync)
            .Describe("putPoster", "Give an asset a poster of one's own", "A worker decodes it and makes the version that shows it, with the same media.")
            .TakesBytes("The picture: up to 12 MiB and 50 million pixels, its shorter side at least 64.", "image/jpeg", "image/png", "image/webp", "*/*")
            .Answers<AssetView>("A worker takes it.", StatusCodes.Status202Accepted)
            .Refuses(IngestError.NotFound, IngestError.InvalidPoster, IngestError.PosterPixels, IngestError.PosterTooLarge, IngestError.StorageUnavailable);
        poster.MapDelete("", DeleteAsync)
            .Describe("deletePoster", "A picture of the film is the poster again")
            .Answers<AssetView>("A worker takes it.", StatusCodes.Status202Accepted)
            .Refuses(IngestError.NotFound, IngestError.StorageUnavailable);
    }

    private static async Task<IResult> PutAsync(string id, HttpContext context, AssetReader reader, PosterShelf shelf)
    {
        var cancellationToken = context.RequestAborted;
        if (await reader.FindAsync(id, context.User, cancellationToken) is not { } row) return IngestError.NotFound.Result();
        if (context.Request.ContentLength > PosterLimits.MaxBytes) return IngestError.PosterTooLarge.Result();
        if (await SmallBody.ReadAsync(context.Request.Body, PosterLimits.MaxBytes, cancellationToken) is not { } picture) return IngestError.PosterTooLarge.Result();
        if (ImageHeader.Read(picture) is not { } header || Math.Min(header.Width, header.Height) < PosterLimits.MinSide) return IngestError.InvalidPoster.Result();
        if ((long)header.Width * header.Height > PosterLimits.MaxPixels) return IngestError.PosterPixels.Result();
        return await SetAsync(row, picture, context.User, reader, shelf, cancellationToken);
    }

    private static async Task<IResult> DeleteAsync(string id, ClaimsPrincipal user, AssetReader reader, PosterShelf shelf, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, user, cancellationToken) is { } row
            ? await SetAsync(row, null, user, reader, shelf, cancellationToken)
            : IngestError.NotFound.Result();

    // Accepted: a worker decodes it, and makes the version that shows it.
    private static async Task<IResult> SetAsync(
        AssetRow row, byte[]? picture, ClaimsPrincipal user, AssetReader reader, PosterShelf shelf, CancellationToken cancellationToken)
    {
        var asset = new AssetId(row.Id);
        try
        {
            return await shelf.SetAsync(asset, picture, cancellationToken) && await reader.FindAsync(asset.ToString(), user, cancellationToken) is { } changed
                ? TypedResults.Json(changed.View(), AssetJson.Default.AssetView, statusCode: StatusCodes.Status202Accepted)
                : IngestError.NotFound.Result();
        }
        catch (ObjectStoreException)
        {
            return IngestError.StorageUnavailable.Result();
        }
    }
}
