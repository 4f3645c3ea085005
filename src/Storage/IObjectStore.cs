namespace Movento.Storage;

/// <summary>
/// Where media lives: immutable objects under keys that only <see cref="Contracts.StorageKey"/> composes.
/// A key is 1 to 512 characters of <c>a-z 0-9 - . /</c>, its parts at most 255 of them and neither empty nor <c>.</c> nor
/// <c>..</c>; anything else is an <see cref="ArgumentException"/>. No key may be a folder of another (<c>a</c> and <c>a/b</c>):
/// a store that cannot hold both, as MinIO and a file system cannot, refuses the second. Faults of the store itself are an
/// <see cref="ObjectStoreException"/> that knows whether trying again can help; faults of a stream or a file that the caller
/// hands in stay the exceptions that they are.
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// Stores <paramref name="content"/> under <paramref name="key"/>, replacing what is there. When the task completes the
    /// bytes are durable; until then readers see the old object or none, never a part.
    /// </summary>
    Task<ObjectInfo> PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken);

    /// <summary>Stores the file at <paramref name="path"/>, as <see cref="PutAsync"/>; a store on the same disk may link it.
    /// The file must not be written to afterwards.</summary>
    Task<ObjectInfo> PutFileAsync(string key, string path, string contentType, CancellationToken cancellationToken);

    /// <summary>The object's facts, or null where there is none.</summary>
    Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Fills <paramref name="destination"/> with the object's bytes from <paramref name="offset"/> on and returns how many there
    /// were: fewer than asked only at the object's end. −1 where there is no such object.
    /// </summary>
    ValueTask<int> ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>
    /// The object's bytes from <paramref name="offset"/> on, at most <paramref name="length"/> of them, as a stream that the caller disposes; it gives
    /// them as they come, and ends early only at the object's end. Null where there is no such object.
    /// </summary>
    Task<Stream?> OpenRangeAsync(string key, long offset, long length, CancellationToken cancellationToken);

    /// <summary>The whole object as a stream that the caller disposes, or null where there is none.</summary>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Brings the object to a new local file at <paramref name="path"/>; a store on the same disk may link it, so the
    /// file must not be written to. False where there is no such object.</summary>
    Task<bool> CopyToFileAsync(string key, string path, CancellationToken cancellationToken);

    /// <summary>
    /// Stores the object under <paramref name="from"/> under <paramref name="to"/> too, as <see cref="PutAsync"/>; the two then live and die alone. No byte
    /// of it comes here: files are linked where they can be, S3 copies by itself. Null where there is no such object.
    /// </summary>
    Task<ObjectInfo?> CopyAsync(string from, string to, CancellationToken cancellationToken);

    /// <summary>Removes the object; without one, does nothing.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Every object whose key begins with <paramref name="prefix"/>, in ordinal order of keys.</summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken);
}
