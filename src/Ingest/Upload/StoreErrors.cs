using Movento.Ingest.Assets;
using Movento.Storage;

namespace Movento.Ingest.Upload;

/// <summary>What a failure of the object store is to a client.</summary>
internal static class StoreErrors
{
    private const int NoSpaceLeft = 28; // ENOSPC, errno(3)
    private const int QuotaExceeded = 122; // EDQUOT

    public static IngestError Of(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is IOException { HResult: NoSpaceLeft or QuotaExceeded } or ObjectStoreException { IsFull: true }) return IngestError.StorageFull;
        }
        return IngestError.StorageUnavailable;
    }
}
