using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Delivery;

namespace Movento.Edge.Keys;

/// <summary>Gives out the keys of a version to who holds its playback token (docs/formats/content-keys.md). Nothing of an answer is kept or logged.</summary>
internal sealed class KeyDelivery(Representations representations, ContentKeySecret secret)
{
    /// <summary>Of a licence's request: 600 key ids have 16 KB.</summary>
    public const int MaxRequestBytes = 64 << 10;

    private static readonly StringValues NoStore = "no-store";

    /// <summary>Answers a request whose token was found to be good.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Its target, of a key or the licence.</param>
    /// <returns><see cref="EdgeOutcome.Keys"/>, or why nothing was answered.</returns>
    public async ValueTask<EdgeOutcome> AnswerAsync(HttpContext context, string target)
    {
        // :: Step 1 — what the version has
        var (keyIds, failure) = await representations.LoadKeyIdsAsync(target, context.RequestAborted);
        if (keyIds is null) return failure!.Value;
        var (asset, keyId) = NamesOf(target);

        // :: Step 2 — one key, or all of them to who asks for some
        byte[] answer;
        if (keyId is { } id)
        {
            if (!keyIds.Contains(id)) return EdgeOutcome.NotFound;
            answer = new byte[ContentKeySecret.KeyLength];
            secret.Derive(asset, id, answer);
        }
        else
        {
            var (ids, refusal) = await ReadRequestAsync(context);
            if (ids is null) return refusal;
            foreach (var wanted in ids)
            {
                if (!keyIds.Contains(wanted)) return EdgeOutcome.NotFound;
            }

            // All of the film's keys, those that were asked for first: players that read the MPD know only the first one of several that take turns.
            answer = ClearKeyLicense.Write([.. ids, .. keyIds.Except(ids).Order()], (wanted, key) => secret.Derive(asset, wanted, key));
        }

        // :: Step 3 — the answer
        var response = context.Response;
        response.Headers.CacheControl = NoStore;
        response.ContentType = keyId is null ? ContentTypes.Json : ContentTypes.Key;
        response.ContentLength = answer.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.BodyWriter.WriteAsync(answer, context.RequestAborted);
        return EdgeOutcome.Keys;
    }

    private static (AssetId Asset, UInt128? KeyId) NamesOf(string target) => EdgeUrl.TryParse(EdgeUrl.PathOf(target), out var url)
        ? (url.Asset, url.File == EdgeFile.Key ? url.KeyId : null)
        : throw new UnreachableException();

    private static async ValueTask<(IReadOnlyList<UInt128>? Ids, EdgeOutcome Refusal)> ReadRequestAsync(HttpContext context)
    {
        var body = ArrayPool<byte>.Shared.Rent(MaxRequestBytes + 1);
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(
                body.AsMemory(0, MaxRequestBytes + 1), MaxRequestBytes + 1, throwOnEndOfStream: false, context.RequestAborted);
            if (length > MaxRequestBytes) return (null, EdgeOutcome.LicenseTooLarge);
            return (ClearKeyLicense.TryReadRequest(body.AsSpan(0, length)), EdgeOutcome.LicenseMalformed);
        }
        catch (BadHttpRequestException exception)
        {
            return (null, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? EdgeOutcome.LicenseTooLarge : EdgeOutcome.LicenseMalformed);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }
}
