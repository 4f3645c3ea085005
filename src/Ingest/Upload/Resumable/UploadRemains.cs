using Movento.Contracts;
using Movento.Storage;
using Movento.Storage.Staging;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>Ends uploads and removes what they left in the object store. Their rows stay until they expire, so that a client learns what became of its upload.</summary>
internal sealed class UploadRemains(UploadTable table, UploadHolds holds, RunningHashes hashes, IUploadStaging staging, IObjectStore store)
{
    /// <summary>Whatever still appends lets go, and every byte that is no object goes; for an asset without an upload, does nothing.</summary>
    public async Task RemoveAsync(AssetId asset, CancellationToken cancellationToken)
    {
        // The row first: from here on nothing that anybody does counts.
        await table.FailAsync(asset.Value, "cancelled", evenComplete: true, cancellationToken);
        if (await table.FindAsync(asset.Value, cancellationToken) is not { } upload || upload.Kind == UploadKind.Plain) return;
        await holds.AskAsync(upload.Id, cancellationToken);
        hashes.Drop(upload.Id);
        if (upload.Kind != UploadKind.Direct)
            await staging.RemoveAsync(upload.Key, upload.Staged, cancellationToken);
        else if (upload.Memo is { } uploadId && store is IDirectUploads direct)
            await direct.AbortAsync(upload.Key, uploadId, cancellationToken);
        if (upload.Kind == UploadKind.Part) await store.DeleteAsync(upload.Key, cancellationToken);
    }
}
