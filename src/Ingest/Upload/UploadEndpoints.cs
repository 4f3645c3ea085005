using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Movento.Contracts;
using Movento.Ingest.Assets;

namespace Movento.Ingest.Upload;

/// <summary>The file is the body of the request: <c>POST /api/uploads</c>, and <c>PUT /api/uploads/{fileName}</c> for <c>curl -T</c>.</summary>
internal static class UploadEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var uploads = routes.MapGroup("/api/uploads").RequireAuthorization(Access.EditorPolicy).WithTags("Uploads");
        uploads.MapPost("", (HttpContext context, UploadReceiver receiver, string? title, string? fileName) =>
            ReceiveAsync(context, receiver, title, fileName));
        uploads.MapPut("/{fileName}", (HttpContext context, UploadReceiver receiver, string? title, string fileName) =>
            ReceiveAsync(context, receiver, title, fileName));
    }

    private static async Task<IResult> ReceiveAsync(HttpContext context, UploadReceiver receiver, string? title, string? fileName)
    {
        if (!Owner.TryGet(context.User, out var owner)) return IngestError.NoUser.Result();
        if (UploadNames.Read(title, fileName, out var names) is { } invalid) return invalid.Result();
        // The receiver counts by itself and names the error; the server's own limit would only cut the connection.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;

        var outcome = await receiver.ReceiveAsync(owner, Owner.Team(context.User, owner), names, context.Request.Body, context.Request.ContentLength, context.RequestAborted);
        if (outcome.Error is { } error)
        {
            if (error.Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "5";
            return error.Result();
        }
        var receipt = outcome.Receipt!;
        context.Response.Headers.Location = $"/api/assets/{receipt.AssetId}";
        return TypedResults.Json(receipt, AssetJson.Default.UploadReceipt, statusCode: StatusCodes.Status201Created);
    }
}
