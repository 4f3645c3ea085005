using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Movento.Contracts;
using Movento.Ingest.Assets;
using Movento.Ingest.Upload.Direct;
using Movento.Ingest.Upload.Resumable;

namespace Movento.Ingest.Upload;

/// <summary>
/// Every way in (docs/formats/uploads.md). On <c>/api/uploads</c>, by the headers of the request: tus 1.0.0 (Tus-Resumable), the IETF's draft
/// (Upload-Complete), or a file as the body of one request; <c>PUT /api/uploads/{fileName}</c> for <c>curl -T</c>. And <c>/api/uploads/direct</c>,
/// straight to the object store.
/// </summary>
internal static class UploadEndpoints
{
    private static readonly string[] Head = [HttpMethods.Head];
    private static readonly string[] Options = [HttpMethods.Options];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var uploads = routes.MapGroup("/api/uploads").RequireAuthorization(Access.EditorPolicy).WithTags("Uploads")
            // Until it is known whose upload it is: then its bytes are counted one by one.
            .WithMetadata(new CountedAs(RequestKind.Uploads), new RequestSizeLimitAttribute(RequestJson.MaxBytes));
        uploads.MapPost("", (HttpContext context, UploadWays ways, string? title, string? fileName, string? priority) =>
            ways.CreateAsync(context, title, fileName, priority));
        uploads.MapPut("/{fileName}", (HttpContext context, UploadWays ways, string? title, string fileName, string? priority) =>
            ways.CreateAsync(context, title, fileName, priority));
        uploads.MapMethods("/{id}", Head, (HttpContext context, UploadWays ways, string id) => ways.HeadAsync(context, id));
        uploads.MapPatch("/{id}", (HttpContext context, UploadWays ways, string id) => ways.PatchAsync(context, id));
        uploads.MapDelete("/{id}", (HttpContext context, UploadWays ways, string id) => ways.EndAsync(context, id));
        // tus 1.0.0, "X-HTTP-Method-Override": for clients that can only POST.
        uploads.MapPost("/{id:length(32)}", (HttpContext context, UploadWays ways, string id) => context.Request.Headers["X-HTTP-Method-Override"].ToString() switch
        {
            "PATCH" => ways.PatchAsync(context, id),
            "DELETE" => ways.EndAsync(context, id),
            "HEAD" => ways.HeadAsync(context, id),
            _ => Task.FromResult(UploadProblem.Result(UploadErrors.InvalidHeader)),
        });

        uploads.MapPost("/direct", (HttpContext context, DirectUploads direct) => As(context, (owner, team) => direct.CreateAsync(context, owner, team)));
        uploads.MapGet("/direct/{id}", (HttpContext context, DirectUploads direct, string id, int? from) =>
            As(context, id, (owner, upload) => direct.GetAsync(context, upload, owner, from ?? 1)));
        uploads.MapPost("/direct/{id}/complete", (HttpContext context, DirectUploads direct, string id) =>
            As(context, id, (owner, upload) => direct.CompleteAsync(context, upload, owner)))
            .WithMetadata(new RequestSizeLimitAttribute(DirectUploads.MaxCompletionBytes));
        uploads.MapDelete("/direct/{id}", (HttpContext context, UploadWays ways, string id) => ways.EndAsync(context, id));

        // What the server can is no secret, and a browser asks without credentials.
        foreach (var path in (string[])["/api/uploads", "/api/uploads/{id}"])
        {
            routes.MapMethods(path, Options, (HttpContext context, IngestOptions options) =>
            {
                UploadHeaders.Describe(context.Response, options);
                context.Response.Headers.Allow = context.Request.RouteValues.ContainsKey("id") ? "PUT, HEAD, PATCH, DELETE, OPTIONS" : "POST, OPTIONS";
                return TypedResults.NoContent();
            }).AllowAnonymous().WithTags("Uploads");
        }
    }

    private static Task<IResult> As(HttpContext context, Func<Guid, Guid, Task<IResult>> act)
    {
        UploadHeaders.Begin(context);
        return Owner.TryGet(context.User, out var owner) ? act(owner, Owner.Team(context.User, owner)) : Task.FromResult(IngestError.NoUser.Result());
    }

    private static Task<IResult> As(HttpContext context, string id, Func<Guid, AssetId, Task<IResult>> act) =>
        As(context, (owner, _) => AssetId.TryParse(id, out var upload) ? act(owner, upload) : Task.FromResult(UploadProblem.Result(UploadErrors.NotFound)));
}

/// <summary>Which protocol a request speaks, and whose it is.</summary>
internal sealed class UploadWays(TusProtocol tus, DraftProtocol draft, ResumableUploads resumable, UploadReceiver receiver)
{
    public async Task<IResult> CreateAsync(HttpContext context, string? title, string? fileName, string? priority)
    {
        UploadHeaders.Begin(context);
        if (!Owner.TryGet(context.User, out var owner)) return IngestError.NoUser.Result();
        var team = Owner.Team(context.User, owner);
        var request = context.Request;
        if (request.Headers.ContainsKey(UploadHeaders.Resumable)) return await tus.CreateAsync(context, owner, team);
        if (StructuredField.Boolean(request.Headers[UploadHeaders.Complete]) is { } isComplete)
            return await draft.CreateAsync(context, owner, team, title, fileName, priority, isComplete);
        return await ReceiveAsync(context, owner, team, title, fileName, priority);
    }

    public async Task<IResult> HeadAsync(HttpContext context, string id)
    {
        UploadHeaders.Begin(context);
        if (!Owner.TryGet(context.User, out var owner)) return IngestError.NoUser.Result();
        if (!AssetId.TryParse(id, out var upload)) return UploadProblem.Result(UploadErrors.NotFound);
        return context.Request.Headers.ContainsKey(UploadHeaders.Resumable) ? await tus.HeadAsync(context, upload, owner) : await draft.HeadAsync(context, upload, owner);
    }

    public async Task<IResult> PatchAsync(HttpContext context, string id)
    {
        UploadHeaders.Begin(context);
        if (!Owner.TryGet(context.User, out var owner)) return IngestError.NoUser.Result();
        if (!AssetId.TryParse(id, out var upload)) return UploadProblem.Result(UploadErrors.NotFound);
        if (UploadRequest.Is(context.Request, UploadHeaders.TusContent)) return await tus.PatchAsync(context, upload, owner);
        // Before its version 04 the draft had no media type of its own.
        if (UploadRequest.Is(context.Request, UploadHeaders.DraftContent) || UploadHeaders.Interop(context.Request) == "5") return await draft.PatchAsync(context, upload, owner);
        return UploadProblem.Result(UploadErrors.UnsupportedMediaType);
    }

    public async Task<IResult> EndAsync(HttpContext context, string id)
    {
        UploadHeaders.Begin(context);
        if (!Owner.TryGet(context.User, out var owner)) return IngestError.NoUser.Result();
        if (!AssetId.TryParse(id, out var upload)) return UploadProblem.Result(UploadErrors.NotFound);
        return await resumable.EndAsync(upload.Value, owner, context.RequestAborted) is { } error ? UploadProblem.Result(error) : TypedResults.NoContent();
    }

    private async Task<IResult> ReceiveAsync(HttpContext context, Guid owner, Guid team, string? title, string? fileName, string? priority)
    {
        if (UploadNames.Read(title, fileName, out var names) is { } invalid) return invalid.Result();
        if (UploadPriority.Read(priority, out var turn) is { } wrongPriority) return wrongPriority.Result();
        if (UploadRequest.Digest(context.Request, null, out var digest) is { } wrongDigest) return UploadProblem.Result(wrongDigest);
        if (!DigestField.TryReadSha256(context.Request.Headers["Content-Digest"], out var contentDigest)) return UploadProblem.Result(UploadErrors.InvalidHeader);
        if (UploadRequest.Key(context.Request, out var key) is { } wrongKey) return UploadProblem.Result(wrongKey);
        // The receiver counts by itself and names the error; the server's own limit would only cut the connection.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;

        // Of one whole request, the content is the representation.
        var wanted = new NewUpload(owner, team, UploadKind.Plain, names) { Digest = digest ?? contentDigest, IdempotencyKey = key, Priority = turn };
        var outcome = await receiver.ReceiveAsync(wanted, context.Request.Body, context.Request.ContentLength, context.RequestAborted);
        if (outcome.Error is { } error)
        {
            if (error.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "5";
            return UploadProblem.Result(error);
        }
        var receipt = outcome.Receipt!;
        context.Response.Headers.Location = $"/api/assets/{receipt.AssetId}";
        return TypedResults.Json(receipt, AssetJson.Default.UploadReceipt, statusCode: StatusCodes.Status201Created);
    }
}
