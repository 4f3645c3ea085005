using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Movento.Contracts;
using Movento.Storage;

namespace Movento.Ingest.Assets;

/// <summary>The receipt of a version, as it lies in the store (docs/formats/receipt.md).</summary>
internal static class VersionReceipt
{
    public static async Task<IResult> GetAsync(
        string id, [Description("The version's number.")] int version, ClaimsPrincipal user, AssetReader reader, IObjectStore store, CancellationToken cancellationToken)
    {
        if (version < 1 || await reader.FindAsync(id, user, cancellationToken) is not { } row) return IngestError.NotFound.Result();
        // It is written just before the presentation, so one without the other is of a version that is not whole.
        var asset = new AssetId(row.Id);
        if (await store.HeadAsync(StorageKey.Presentation(asset, version), cancellationToken) is null) return IngestError.NoVersion.Result();
        return await store.OpenAsync(StorageKey.Receipt(asset, version), cancellationToken) is { } receipt
            ? TypedResults.Stream(receipt, "application/json")
            : IngestError.NoVersion.Result();
    }
}
