using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ApiDescription;
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
        var options = routes.ServiceProvider.GetRequiredService<IngestOptions>();
        var sidecars = routes.MapGroup("/api/assets/{id}/subtitles").RequireAuthorization(Access.EditorPolicy).WithTags("Subtitles")
            .WithMetadata(new RequestSizeLimitAttribute(SubtitleLimits.MaxSize + SmallBody.Slack));
        sidecars.MapGet("", ListAsync)
            .Describe("listSubtitles", "An asset's subtitles as files")
            .Answers<SidecarList>().IsWhole(options.MaxSubtitleTracks).Refuses(IngestError.NotFound);
        sidecars.MapPost("", (string id, HttpContext context, AssetReader reader, SidecarShelf shelf, string? language, string? role, string? name, string? fileName) =>
            AddAsync(id, context, reader, shelf, language, role, name, fileName))
            .ReadsText("fileName", "The file's own name.", SidecarNames.MaxFileName)
            .Describe("addSubtitles", "Add subtitles", "A published film gets a new version with the same media within seconds.")
            .TakesSubtitles();
        sidecars.MapPut("/{sidecar}", (string id, [Description("The file's name.")] string sidecar, HttpContext context, AssetReader reader, SidecarShelf shelf, string? language, string? role, string? name) =>
            AddAsync(id, context, reader, shelf, language, role, name, fileName: sidecar))
            .Describe("putSubtitles", "Add subtitles under their file's name", "For `curl -T`. What `language` lacks, a name such as `film.pt-BR.srt` says.")
            .TakesSubtitles();
        sidecars.MapDelete("/{sidecar}", RemoveAsync)
            .Describe("removeSubtitles", "Remove subtitles by their id")
            .AnswersNothing().Refuses(IngestError.NotFound);
    }

    private static RouteHandlerBuilder TakesSubtitles(this RouteHandlerBuilder route) => route
        .ReadsText("language", "BCP 47, such as `en` or `pt-BR`; without one, what the file's name says.", SidecarNames.MaxLanguage)
        .ReadsWord("role", "`subtitle` where nothing is said.", SidecarRole.Words)
        .ReadsText("name", "What a menu shows; the language's own name where nothing is said.", SidecarNames.MaxName)
        .TakesBytes("SubRip or WebVTT, up to 8 MiB.", "text/vtt", "application/x-subrip", "*/*")
        .Answers<SidecarView>(status: StatusCodes.Status201Created)
        .WithAnswerHeader("Location", "The subtitles.", StatusCodes.Status201Created)
        .Refuses(
            IngestError.NotFound, IngestError.InvalidLanguage, IngestError.InvalidRole, IngestError.InvalidName, IngestError.InvalidFileName, IngestError.Empty,
            IngestError.InvalidSubtitles, IngestError.SubtitlesTooLarge, IngestError.TooManySubtitles, IngestError.StorageUnavailable);

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
        string id, string sidecar, ClaimsPrincipal user, AssetReader reader, SidecarShelf shelf, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, user, cancellationToken) is { } row && Guid.TryParseExact(sidecar, "N", out var known)
        && await shelf.RemoveAsync(new AssetId(row.Id), known, cancellationToken)
            ? TypedResults.NoContent()
            : IngestError.NotFound.Result();
}
