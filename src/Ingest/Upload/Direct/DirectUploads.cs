using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Movento.Ingest.Assets;
using Movento.Ingest.Upload.Resumable;
using Movento.Storage;
using Movento.Storage.Staging;

namespace Movento.Ingest.Upload.Direct;

/// <summary>What a client asks for: <c>POST /api/uploads/direct</c>.</summary>
internal sealed record DirectRequest(
    [property: MaxLength(UploadNames.MaxFileName)] string? FileName,
    [property: MaxLength(UploadNames.MaxTitle)] string? Title,
    [property: Required, Range(1, 1L << 53)] long Bytes,
    [property: RegularExpression("^[0-9A-Fa-f]{64}$")] string? Sha256,
    [property: Range(UploadPriority.Lowest, UploadPriority.Highest)] int? Priority);

/// <summary>A direct upload: its parts are PUT to signed URLs of the object store.</summary>
internal sealed record DirectUpload(string Id, long Bytes, long PartBytes, int Parts, DateTimeOffset ExpiresAt, IReadOnlyList<DirectPartUrl> Urls);

/// <summary>Where a part is sent, and how long it is.</summary>
internal sealed record DirectPartUrl(int Number, Uri Url, long Bytes);

/// <summary>What the client says of its parts at the end: <c>POST /api/uploads/direct/{id}/complete</c>.</summary>
internal sealed record DirectCompletion([property: Required, MinLength(1)] DirectPart[]? Parts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(DirectRequest))]
[JsonSerializable(typeof(DirectUpload))]
[JsonSerializable(typeof(DirectCompletion))]
[JsonSerializable(typeof(DirectPart[]))]
internal sealed partial class DirectJson : JsonSerializerContext;

/// <summary>
/// Uploads whose bytes do not come through this server: the client PUTs the parts of an S3 multipart upload to signed URLs. At the end the
/// server completes it, and looks at what the store has: its size, and its SHA-256, which it reads itself.
/// </summary>
internal sealed class DirectUploads(
    IngestDatabase database, UploadTable table, UploadFinisher finisher, IObjectStore store, IngestOptions options, TimeProvider time)
{
    /// <summary>The longest completion, in bytes: S3 has 10,000 parts at most, and an ETag here 128 characters.</summary>
    public const int MaxCompletionBytes = 2 << 20;

    // A page of URLs; each is some 500 bytes.
    private const int MostUrls = 100;
    private const long PartBytes = 16 << 20;

    private IDirectUploads? Store => store as IDirectUploads;

    /// <summary>Begins one.</summary>
    public async Task<IResult> CreateAsync(HttpContext context, Guid owner, Guid team)
    {
        if (Store is not { } direct) return UploadProblem.Result(UploadErrors.DirectUnavailable);
        if (await ReadAsync(context, DirectJson.Default.DirectRequest) is not { } asked) return UploadProblem.Result(UploadErrors.InvalidRequest);
        if (UploadNames.Read(asked.Title, asked.FileName, out var names) is { } invalid) return UploadProblem.Result(invalid);
        if (!UploadPriority.IsValid(asked.Priority ?? 0)) return UploadProblem.Result(IngestError.InvalidPriority);
        if (asked.Bytes < 0) return UploadProblem.Result(UploadErrors.InvalidRequest);
        if (UploadRequest.Digest(context.Request, asked.Sha256, out var digest) is { } wrongDigest) return UploadProblem.Result(wrongDigest);
        if (UploadRequest.Key(context.Request, out var key) is { } wrongKey) return UploadProblem.Result(wrongKey);
        var made = await table.CreateAsync(
            new NewUpload(owner, team, UploadKind.Direct, names) { Length = asked.Bytes, Digest = digest, IdempotencyKey = key, Priority = asked.Priority ?? 0 },
            context.RequestAborted);
        if (made.Error is { } error) return UploadProblem.Result(error);

        // The row first: a multipart upload that no row knows would stay with the store.
        var upload = made.Upload!;
        if (upload.Memo is null)
        {
            try
            {
                var uploadId = await direct.BeginAsync(upload.Key, "application/octet-stream", context.RequestAborted);
                upload = await KeepAsync(upload.Id, uploadId) ?? upload;
            }
            catch (ObjectStoreException exception)
            {
                await table.FailAsync(upload.Id, "cancelled", evenComplete: false, CancellationToken.None);
                return UploadProblem.Result(StoreErrors.Of(exception));
            }
        }
        context.Response.Headers.Location = $"/api/uploads/direct/{upload.Asset}";
        return TypedResults.Json(await ViewAsync(direct, upload, from: 1, context.RequestAborted), DirectJson.Default.DirectUpload, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>The upload with a page of URLs, signed now.</summary>
    public async Task<IResult> GetAsync(HttpContext context, AssetId id, Guid owner, int from)
    {
        if (Store is not { } direct) return UploadProblem.Result(UploadErrors.DirectUnavailable);
        if (await table.FindAsync(id.Value, owner, context.RequestAborted) is not { Kind: UploadKind.Direct } upload) return UploadProblem.Result(UploadErrors.NotFound);
        if (upload.State == UploadState.Failed) return UploadProblem.Result(UploadErrors.Of(upload.Failure));
        if (upload.State != UploadState.Open) return UploadProblem.Result(UploadErrors.Completed);
        if (from < 1 || from > PartsOf(upload)) return UploadProblem.Result(UploadErrors.InvalidRequest);
        return TypedResults.Json(await ViewAsync(direct, upload, from, context.RequestAborted), DirectJson.Default.DirectUpload);
    }

    /// <summary>Every part is sent: completes it, and answers as a plain upload does.</summary>
    public async Task<IResult> CompleteAsync(HttpContext context, AssetId id, Guid owner)
    {
        if (await ReadAsync(context, DirectJson.Default.DirectCompletion) is not { Parts: { Length: > 0 } parts }
            || parts.Any(part => part.Number < 1 || string.IsNullOrEmpty(part.ETag) || part.ETag.Length > 128)
            || parts.Select(part => part.Number).Distinct().Count() != parts.Length) return UploadProblem.Result(UploadErrors.InvalidRequest);
        if (await table.FindAsync(id.Value, owner, context.RequestAborted) is not { Kind: UploadKind.Direct } upload) return UploadProblem.Result(UploadErrors.NotFound);
        if (upload.State == UploadState.Failed) return UploadProblem.Result(UploadErrors.Of(upload.Failure));
        if (upload.State == UploadState.Open)
        {
            if (parts.Length != PartsOf(upload)) return UploadProblem.Result(UploadErrors.PartsMissing);
            await using var connection = await database.Source.OpenConnectionAsync(context.RequestAborted);
            await connection.ExecuteAsync(new CommandDefinition(
                "update uploads set state = 'finishing', received = length, direct_parts = cast(@json as jsonb), expires_at = now() + @lifetime where id = @id and state = 'open'",
                new { id = id.Value, json = JsonSerializer.Serialize(parts, DirectJson.Default.DirectPartArray), lifetime = options.UploadLifetime },
                cancellationToken: context.RequestAborted));
        }
        var outcome = await finisher.FinishAsync(id.Value, context.RequestAborted);
        if (outcome.Receipt is not { } receipt) return UploadProblem.Result(outcome.Error!);
        context.Response.Headers.Location = $"/api/assets/{receipt.AssetId}";
        return TypedResults.Json(receipt, AssetJson.Default.UploadReceipt, statusCode: StatusCodes.Status201Created);
    }

    private async Task<DirectUpload> ViewAsync(IDirectUploads direct, UploadRow upload, int from, CancellationToken cancellationToken)
    {
        var size = PartBytesOf(upload);
        var count = PartsOf(upload);
        var urls = new List<DirectPartUrl>();
        for (var number = from; number <= count && urls.Count < MostUrls; number++)
        {
            var url = await direct.PartUrlAsync(upload.Key, upload.Memo!, number, options.DirectUrlLifetime, cancellationToken);
            urls.Add(new DirectPartUrl(number, url, Math.Min(size, upload.Length!.Value - (number - 1) * size)));
        }
        return new(upload.Asset.ToString(), upload.Length!.Value, size, count, time.GetUtcNow() + options.DirectUrlLifetime, urls);
    }

    // As large as it takes for the store's most parts to be enough.
    private long PartBytesOf(UploadRow upload)
    {
        var size = PartBytes;
        while ((upload.Length!.Value + size - 1) / size > Store!.MaxParts) size *= 2;
        return size;
    }

    private int PartsOf(UploadRow upload) => (int)((upload.Length!.Value + PartBytesOf(upload) - 1) / PartBytesOf(upload));

    private async Task<UploadRow?> KeepAsync(Guid id, string uploadId)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<UploadRow>(
            $"update uploads set staged = coalesce(staged, @uploadId) where id = @id and state = 'open' returning {UploadRow.Columns}", new { id, uploadId });
    }

    private static async Task<T?> ReadAsync<T>(HttpContext context, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return await context.Request.ReadFromJsonAsync(type, context.RequestAborted);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or BadHttpRequestException)
        {
            return null;
        }
    }
}
