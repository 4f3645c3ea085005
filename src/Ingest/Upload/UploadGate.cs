namespace Movento.Ingest.Upload;

/// <summary>How many uploads this process receives at the same time; past the bound, the next one is refused.</summary>
internal sealed class UploadGate(IngestOptions options)
{
    private int _receiving;

    /// <summary>False: too many. True: <see cref="Leave"/> must follow.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _receiving) <= options.MaxConcurrentUploads) return true;
        Interlocked.Decrement(ref _receiving);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _receiving);
}
