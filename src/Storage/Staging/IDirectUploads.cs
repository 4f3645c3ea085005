namespace Movento.Storage.Staging;

/// <summary>Uploads whose bytes go from the client straight to the store, by URLs that the store signed; only S3 has them.</summary>
public interface IDirectUploads
{
    /// <summary>The smallest size of every part but the last, in bytes (S3: 5 MiB).</summary>
    long MinPartBytes { get; }

    /// <summary>The most parts (S3: 10,000).</summary>
    int MaxParts { get; }

    /// <summary>Begins an upload that will become <paramref name="key"/>; returns its id at the store.</summary>
    Task<string> BeginAsync(string key, string contentType, CancellationToken cancellationToken);

    /// <summary>Where part <paramref name="number"/>, counted from 1, is PUT by whoever has the URL, for so long.</summary>
    Task<Uri> PartUrlAsync(string key, string uploadId, int number, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Makes the parts, in the order of their numbers, the object.</summary>
    Task<ObjectInfo> CompleteAsync(string key, string uploadId, IReadOnlyList<DirectPart> parts, CancellationToken cancellationToken);

    /// <summary>Drops the upload and its parts; without one, does nothing.</summary>
    Task AbortAsync(string key, string uploadId, CancellationToken cancellationToken);
}

/// <summary>A part as the store acknowledged it to the client.</summary>
/// <param name="Number">From 1.</param>
/// <param name="ETag">The header of that name in the store's answer.</param>
public sealed record DirectPart(int Number, string ETag);
