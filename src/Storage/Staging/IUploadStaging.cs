using System.Buffers;

namespace Movento.Storage.Staging;

/// <summary>
/// Where uploads grow until they are whole and become objects. A store keeps the bytes; how many of them count, and what else it needs to
/// find them again, is <see cref="StagedBytes"/>, which the caller keeps (in a database) and hands in again. What a store has beyond that
/// was never acknowledged to anybody, and is dropped when the upload is opened next.
/// </summary>
public interface IUploadStaging
{
    /// <summary>
    /// Opens the upload that will become <paramref name="key"/> for appending at the end of <paramref name="staged"/>. Waits for a
    /// predecessor that still has it open, however long that takes: cancel it. The caller must keep <see cref="IStagedUpload.Staged"/> before
    /// it appends.
    /// </summary>
    Task<IStagedUpload> OpenAsync(string key, StagedBytes staged, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the staged bytes the object <paramref name="key"/>, without a second copy of them where the store can. Doing it again after a
    /// kill is without effect.
    /// </summary>
    /// <exception cref="ObjectStoreException">The bytes are not there, or the store failed.</exception>
    Task<ObjectInfo> CompleteAsync(string key, StagedBytes staged, string contentType, CancellationToken cancellationToken);

    /// <summary>Drops the staged bytes; without any, does nothing. The object that they became stays.</summary>
    Task RemoveAsync(string key, StagedBytes staged, CancellationToken cancellationToken);
}

/// <summary>What is durable of an upload.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Memo">What the store needs to find them; opaque, null where it needs nothing.</param>
public sealed record StagedBytes(long Length, string? Memo)
{
    /// <summary>An upload without a byte.</summary>
    public static StagedBytes None { get; } = new(0, null);
}

/// <summary>An upload that is open for appending; disposing it gives it free. Not safe for use from several threads at once.</summary>
public interface IStagedUpload : IAsyncDisposable
{
    /// <summary>What was durable when the upload was opened, was flushed or had its last checkpoint.</summary>
    StagedBytes Staged { get; }

    /// <summary>Whether the caller must keep <see cref="Staged"/>, or a checkpoint, before it appends more: its memo has changed.</summary>
    bool IsMemoDue { get; }

    /// <summary>Appends; not durable yet.</summary>
    ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken);

    /// <summary>As much as is cheaply made durable in the midst of an upload: perhaps not all.</summary>
    ValueTask<StagedBytes> CheckpointAsync(CancellationToken cancellationToken);

    /// <summary>Makes everything durable. Nothing may be written afterwards.</summary>
    ValueTask<StagedBytes> FlushAsync(CancellationToken cancellationToken);
}
