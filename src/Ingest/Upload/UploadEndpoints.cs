using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ApiDescription.Metadata;
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
    // The most that S3 takes.
    private const int MostParts = 10_000;
    private const string Abilities = "`Tus-Version`, `Tus-Extension`, `Tus-Max-Size`, `Upload-Limit` and the like, to anybody.";
    private const string Override = "X-HTTP-Method-Override";

    private static readonly string[] Head = [HttpMethods.Head];
    private static readonly string[] Options = [HttpMethods.Options];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var uploads = routes.MapGroup("/api/uploads").RequireAuthorization(Access.EditorPolicy).WithTags("Uploads")
            // Until it is known whose upload it is: then its bytes are counted one by one.
            .WithMetadata(new CountedAs(RequestKind.Uploads), new RequestSizeLimitAttribute(RequestJson.MaxBytes));
        uploads.MapPost("", (HttpContext context, UploadWays ways, string? title, string? fileName, string? priority) =>
            ways.CreateAsync(context, title, fileName, priority))
            .Describe("createUpload", "Upload a film", "With the file as the body of one request, or as an upload that goes on after a break: tus 1.0.0, or the IETF's draft (docs/formats/uploads.md).")
            .ReadsText("fileName", "The file's own name.", UploadNames.MaxFileName).BeginsUpload();
        // Under the same template as the others: to OpenAPI, as to a client, {fileName} and {id} are one path.
        uploads.MapPut("/{upload}", (HttpContext context, UploadWays ways, string? title, [Description("The file's name.")] string upload, string? priority) =>
            ways.CreateAsync(context, title, fileName: upload, priority))
            .Describe("putUpload", "Upload a film under its file's name", "For `curl -T`.")
            .BeginsUpload();
        uploads.MapMethods("/{upload}", Head, (HttpContext context, UploadWays ways, string upload) => ways.HeadAsync(context, upload))
            .Describe("getUploadOffset", "Where an upload goes on")
            .AnswersNothing("Of tus.", StatusCodes.Status200OK).AnswersNothing("Of the draft.")
            .SaysWhereItGoesOn(StatusCodes.Status200OK).SaysWhereItGoesOn(StatusCodes.Status204NoContent)
            .ReadsHeader(UploadHeaders.Resumable, "`1.0.0`: the request is one of tus.")
            .Refuses(IngestError.NoUser, UploadErrors.NotFound, UploadErrors.UnsupportedVersion).RefusesWhatFailed();
        uploads.MapPatch("/{upload}", (HttpContext context, UploadWays ways, string upload) => ways.PatchAsync(context, upload))
            .Describe("appendToUpload", "Send more of an upload")
            .TakesBytes("The bytes from the offset on.", UploadHeaders.TusContent, UploadHeaders.DraftContent)
            .ReadsHeader(UploadHeaders.Offset, "Where they belong.", isRequired: true, pattern: "^[0-9]{1,19}$")
            .ReadsHeader(UploadHeaders.Resumable, "`1.0.0`: the request is one of tus.")
            .ReadsHeader(UploadHeaders.Complete, "The draft: `?1` where the file ends with this request.")
            .ReadsHeader("Upload-Checksum", "tus: the checksum of this request's bytes.")
            .AnswersNothing("They are durable.").SaysHowFarItIs(StatusCodes.Status204NoContent).SaysWhatItWas(StatusCodes.Status204NoContent)
            .Answers<UploadReceipt>("The draft: the file is whole.", StatusCodes.Status201Created).WithAnswerHeader("Location", "The asset.", StatusCodes.Status201Created)
            .SaysHowFarItIs(StatusCodes.Status201Created).SaysWhatItWas(StatusCodes.Status201Created)
            .TakesUploadBytes()
            .Refuses(UploadErrors.UnsupportedMediaType, UploadErrors.UnsupportedVersion, UploadErrors.Completed, UploadErrors.Completed with { Status = StatusCodes.Status403Forbidden });
        uploads.MapDelete("/{upload}", (HttpContext context, UploadWays ways, string upload) => ways.EndAsync(context, upload))
            .Describe("endUpload", "End an upload, and leave nothing of it")
            .AnswersNothing().WithAnswerHeader(UploadHeaders.Resumable, "`1.0.0`, where the request is one of tus.", StatusCodes.Status204NoContent)
            .Refuses(IngestError.NoUser, UploadErrors.NotFound, UploadErrors.Completed).RefusesWhatFailed();
        // tus 1.0.0, "X-HTTP-Method-Override": for clients that can only POST.
        uploads.MapPost("/{upload:length(32)}", (HttpContext context, UploadWays ways, string upload) => context.Request.Headers[Override].ToString() switch
        {
            "PATCH" => ways.PatchAsync(context, upload),
            "DELETE" => ways.EndAsync(context, upload),
            "HEAD" => ways.HeadAsync(context, upload),
            _ => Task.FromResult(UploadProblem.Result(UploadErrors.InvalidHeader)),
        })
            .Describe("overrideUploadMethod", "PATCH, HEAD or DELETE of an upload, for clients that can only POST", "As those are described; of tus 1.0.0.")
            .TakesBytes("As of PATCH.", "*/*")
            .ReadsHeader(Override, "`PATCH`, `HEAD` or `DELETE`.", isRequired: true, pattern: "^(PATCH|HEAD|DELETE)$")
            .AnswersNothing().AnswersNothing("Of HEAD.", StatusCodes.Status200OK).Answers<UploadReceipt>("The draft: the file is whole.", StatusCodes.Status201Created)
            .SaysWhereItGoesOn(StatusCodes.Status200OK).SaysWhereItGoesOn(StatusCodes.Status204NoContent)
            .SaysHowFarItIs(StatusCodes.Status201Created).SaysWhatItWas(StatusCodes.Status201Created)
            .TakesUploadBytes()
            .Refuses(UploadErrors.UnsupportedMediaType, UploadErrors.UnsupportedVersion, UploadErrors.Completed, UploadErrors.Completed with { Status = StatusCodes.Status403Forbidden });

        uploads.MapPost("/direct", (HttpContext context, DirectUploads direct) => As(context, (owner, team) => direct.CreateAsync(context, owner, team)))
            .Describe("createDirectUpload", "Upload a film straight to the object store", "Its parts are PUT to signed URLs, of which the answer has the first hundred.")
            .WithMetadata(new RequestContent(typeof(DirectRequest), IsRequired: true, "application/json"))
            .ReadsHeader(UploadHeaders.IdempotencyKey, "The same key gives the same upload.", pattern: "^[!-~]{1,255}$")
            .ReadsHeader("Repr-Digest", "`sha-256` of the whole file (RFC 9530).")
            .Answers<DirectUpload>(status: StatusCodes.Status201Created).WithAnswerHeader("Location", "The upload.", StatusCodes.Status201Created)
            .Refuses(
                IngestError.NoUser, IngestError.InvalidTitle, IngestError.InvalidFileName, IngestError.InvalidPriority, IngestError.Empty, IngestError.TooLarge,
                IngestError.StorageFull, IngestError.StorageUnavailable, UploadErrors.DirectUnavailable, UploadErrors.InvalidRequest, UploadErrors.InvalidHeader,
                UploadErrors.KeyReused, UploadErrors.TeamQuota, UploadErrors.TeamUploads, UploadErrors.Gone);
        uploads.MapGet("/direct/{id}", (HttpContext context, DirectUploads direct, string id, int? from) =>
            As(context, id, (owner, upload) => direct.GetAsync(context, upload, owner, from ?? 1)))
            .Describe("getDirectUpload", "A direct upload with a hundred URLs from a part on, signed anew")
            .ReadsNumber("from", "The first part whose URL is wanted.", 1, MostParts)
            .Answers<DirectUpload>()
            .Refuses(IngestError.NoUser, UploadErrors.DirectUnavailable, UploadErrors.NotFound, UploadErrors.Completed, UploadErrors.InvalidRequest).RefusesWhatFailed();
        uploads.MapPost("/direct/{id}/complete", (HttpContext context, DirectUploads direct, string id) =>
            As(context, id, (owner, upload) => direct.CompleteAsync(context, upload, owner)))
            .WithMetadata(new RequestSizeLimitAttribute(DirectUploads.MaxCompletionBytes))
            .Describe("completeDirectUpload", "Every part was sent", "The server looks at what the store has: its size, and its SHA-256, which it reads itself.")
            .WithMetadata(new RequestContent(typeof(DirectCompletion), IsRequired: true, "application/json"))
            .Answers<UploadReceipt>("Durable: nothing loses it.", StatusCodes.Status201Created).WithAnswerHeader("Location", "The asset.", StatusCodes.Status201Created)
            .Refuses(
                IngestError.NoUser, IngestError.StorageFull, IngestError.StorageUnavailable, UploadErrors.NotFound, UploadErrors.InvalidRequest,
                UploadErrors.PartsMissing, UploadErrors.DigestMismatch, UploadErrors.LengthMismatch).RefusesWhatFailed();
        uploads.MapDelete("/direct/{id}", (HttpContext context, UploadWays ways, string id) => ways.EndAsync(context, id))
            .Describe("endDirectUpload", "End a direct upload, and leave nothing of it")
            .AnswersNothing().Refuses(IngestError.NoUser, UploadErrors.NotFound, UploadErrors.Completed).RefusesWhatFailed();

        // What the server can is no secret, and a browser asks without credentials.
        var anybody = routes.MapGroup("/api/uploads").AllowAnonymous().WithTags("Uploads");
        anybody.MapMethods("", Options, (HttpContext context, IngestOptions options) => Describe(context, options, "POST, OPTIONS"))
            .Describe("describeUploads", "What the server can", Abilities)
            .AnswersNothing().SaysWhatTheServerCan(StatusCodes.Status204NoContent);
        anybody.MapMethods("/{upload}", Options, (HttpContext context, IngestOptions options, string upload) => Describe(context, options, "PUT, HEAD, PATCH, DELETE, OPTIONS"))
            .Describe("describeUpload", "What the server can with an upload", Abilities)
            .AnswersNothing().SaysWhatTheServerCan(StatusCodes.Status204NoContent);
    }

    private static NoContent Describe(HttpContext context, IngestOptions options, string allowed)
    {
        UploadHeaders.Describe(context.Response, options);
        context.Response.Headers.Allow = allowed;
        return TypedResults.NoContent();
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
