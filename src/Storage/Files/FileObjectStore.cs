using System.Buffers;
using System.Runtime.CompilerServices;
using Movento.Storage.Staging;

namespace Movento.Storage.Files;

/// <summary>
/// Objects as plain files: the key is the path below a root folder. A put grows in <see cref="IncomingFolder"/>, is synced,
/// renamed into its place, and the folders above it are synced: so a name stands for whole, durable bytes or for nothing,
/// whatever is killed when. Several processes may share the folder. Content types are not kept: the edge derives them from keys.
/// </summary>
public sealed class FileObjectStore : IObjectStore, IUploadStaging, IDisposable
{
    // Large enough that a call costs little beside its bytes, small enough to be pooled.
    private const int CopyBufferSize = 128 * 1024;

    // A folder can be pruned between its making and the rename into it; it is made again, this often.
    private const int PlacingAttempts = 16;

    private readonly string _root;
    private readonly IncomingFolder _incoming;
    private readonly OpenFileCache _openFiles;
    private readonly FileStaging _staging;
    private readonly TimeProvider _time;
    private long _lastStamp;

    /// <summary>Makes the folder if there is none, and sweeps what killed puts left in it.</summary>
    /// <exception cref="ObjectStoreException">The folder cannot be made.</exception>
    public FileObjectStore(FileStorageOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder));
        _incoming = new IncomingFolder(_root);
        _openFiles = new OpenFileCache(options.MaxOpenFiles, PathOf, time);
        _staging = new FileStaging(_root, Place, NewStamp, time);
        _time = time;
        try
        {
            Directory.CreateDirectory(_root);
            _incoming.Sweep();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of($"Opening the store in {_root}", error);
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo> PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        ObjectKey.Require(key);
        var incoming = NewIncomingPath(key);
        try
        {
            await WriteAsync(key, incoming, content, cancellationToken);
            return Guarded(key, () => Place(key, incoming));
        }
        finally
        {
            DeleteIncoming(incoming);
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo> PutFileAsync(string key, string path, string contentType, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        cancellationToken.ThrowIfCancellationRequested();

        var incoming = NewIncomingPath(key);
        try
        {
            if (!LooksLikeThePresentOne(key, path) && NativeFile.TryLink(path, incoming))
                return await Task.Run(() => Guarded(key, () => PlaceLink(key, incoming)), cancellationToken);
        }
        finally
        {
            DeleteIncoming(incoming);
        }

        await using var content = OpenStream(path);
        return await PutAsync(key, content, contentType, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Guarded(key, () => Head(key)));
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(string key, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ObjectKey.Require(key);
        OpenFile? file = null;
        try
        {
            file = _openFiles.Lease(key);
            if (file is null)
                return -1;

            var filled = 0;
            var wanted = (int)Math.Clamp(file.Version.Length - offset, 0, destination.Length);
            while (filled < wanted)
            {
                var read = await RandomAccess.ReadAsync(file.Handle, destination[filled..wanted], offset + filled, cancellationToken);
                if (read == 0)
                    break;
                filled += read;
            }

            return filled;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of($"Reading {key}", error);
        }
        finally
        {
            if (file is not null)
                _openFiles.Return(file);
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenRangeAsync(string key, long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ObjectKey.Require(key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream?>(Guarded(key, () => _openFiles.Lease(key)) is { } file ? new LeasedFileStream(_openFiles, file, offset, length) : null);
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Guarded<Stream?>(key, () =>
        {
            var path = PathOf(key);
            return File.Exists(path) ? OpenStream(path) : null;
        }));
    }

    /// <inheritdoc/>
    public async Task<bool> CopyToFileAsync(string key, string path, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        var source = PathOf(key);
        if (!File.Exists(source))
            return false;
        try
        {
            if (NativeFile.TryLink(source, path))
                return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        await using var content = await OpenAsync(key, cancellationToken);
        if (content is null)
            return false;
        await LocalCopy.WriteAsync(content, path, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task<ObjectInfo?> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        ObjectKey.Require(from);
        ObjectKey.Require(to);
        var source = PathOf(from);
        if (!File.Exists(source))
            return null;
        try
        {
            // The content type is kept nowhere.
            return await PutFileAsync(to, source, "", cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        cancellationToken.ThrowIfCancellationRequested();
        Guarded(key, () => Delete(key));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectKey.RequirePrefix(prefix);
        await Task.Yield();
        using var listing = FileListing.Under(_root, prefix).GetEnumerator();
        while (Guarded(prefix, listing.MoveNext))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return listing.Current;
        }
    }

    /// <inheritdoc/>
    Task<IStagedUpload> IUploadStaging.OpenAsync(string key, StagedBytes staged, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        return _staging.OpenAsync(key, staged, cancellationToken);
    }

    /// <inheritdoc/>
    async Task<ObjectInfo> IUploadStaging.CompleteAsync(string key, StagedBytes staged, string contentType, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        return await _staging.CompleteAsync(key, staged, cancellationToken)
            // A process that was killed after the renaming did it before us.
            ?? (Guarded(key, () => Head(key)) is { } there && there.Length == staged.Length
                ? there
                : throw new ObjectStoreException($"The bytes of the upload {key} are missing.", isTransient: false));
    }

    /// <inheritdoc/>
    Task IUploadStaging.RemoveAsync(string key, StagedBytes staged, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        _staging.Remove(key);
        return Task.CompletedTask;
    }

    /// <summary>Closes the files held open; reads in flight end well.</summary>
    public void Dispose()
    {
        _openFiles.Dispose();
        _incoming.Dispose();
    }

    private string PathOf(string key) => string.Concat(_root, "/", key);

    private async Task WriteAsync(string key, string path, Stream content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBufferSize);
        try
        {
            using var file = Guarded(key, () => File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
            long length = 0;
            while (true)
            {
                // What the caller's stream throws is the caller's; what the disk throws is ours.
                var read = await content.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                    break;
                try
                {
                    await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), length, cancellationToken);
                }
                catch (IOException error)
                {
                    throw FileFault.Of($"Writing {key}", error);
                }

                length += read;
            }

            Guarded(key, () =>
            {
                File.SetLastWriteTimeUtc(file, new DateTime(NewStamp(), DateTimeKind.Utc));
                RandomAccess.FlushToDisk(file);
            });
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A time that no other put of this store has had: the clock's steps can be coarser than two puts are apart.
    private long NewStamp()
    {
        var now = _time.GetUtcNow().UtcTicks;
        while (true)
        {
            var last = Volatile.Read(ref _lastStamp);
            var stamp = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _lastStamp, stamp, last) == last)
                return stamp;
        }
    }

    // A linked file keeps its own time. Should that be the present object's, only a copy gets an ETag of its own.
    private bool LooksLikeThePresentOne(string key, string path)
    {
        var file = new FileInfo(path);
        var present = new FileInfo(PathOf(key));
        return file.Exists && present.Exists && FileVersion.Of(file) == FileVersion.Of(present);
    }

    private ObjectInfo PlaceLink(string key, string incoming)
    {
        using (var file = File.OpenHandle(incoming, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
            RandomAccess.FlushToDisk(file);
        return Place(key, incoming);
    }

    private ObjectInfo Place(string key, string incoming)
    {
        var version = FileVersion.Of(new FileInfo(incoming));
        var path = PathOf(key);
        var folder = Path.GetDirectoryName(path)!;
        for (var attempt = 1; ; attempt++)
        {
            Directory.CreateDirectory(folder);
            try
            {
                File.Move(incoming, path, overwrite: true);
                break;
            }
            catch (DirectoryNotFoundException) when (attempt < PlacingAttempts)
            {
            }
        }

        _openFiles.Forget(key);

        // Every folder up to the root: another put may have made one of them and not have synced its name yet.
        for (; folder.Length >= _root.Length; folder = Path.GetDirectoryName(folder)!)
            NativeFile.SyncDirectory(folder);
        return new ObjectInfo(key, version.Length, version.ETag);
    }

    private ObjectInfo? Head(string key)
    {
        var file = new FileInfo(PathOf(key));
        if (!file.Exists)
            return null;
        var version = FileVersion.Of(file);
        return new ObjectInfo(key, version.Length, version.ETag);
    }

    private void Delete(string key)
    {
        var path = PathOf(key);
        if (!File.Exists(path))
            return;
        try
        {
            File.Delete(path);
        }
        catch (IOException error) when (FileFault.MeansNone(error))
        {
            return;
        }

        _openFiles.Forget(key);

        // Folders without objects go too; the first that has some, or gets one just now, ends it.
        var folder = Path.GetDirectoryName(path)!;
        for (; folder.Length > _root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (IOException)
            {
                break;
            }
        }

        try
        {
            NativeFile.SyncDirectory(folder);
        }
        catch (DirectoryNotFoundException)
        {
            // Another delete pruned it and syncs the one above.
        }
    }

    private string NewIncomingPath(string key) => Guarded(key, _incoming.NewPath);

    private static void DeleteIncoming(string path)
    {
        try
        {
            // After a rename between two names of one file the old name is still there (rename(2)); after any other it is not.
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next start sweeps it.
        }
    }

    private static FileStream OpenStream(string path) =>
        new(path, new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 0,
        });

    private static void Guarded(string key, Action action) =>
        Guarded(key, () =>
        {
            action();
            return true;
        });

    private static T Guarded<T>(string key, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(key, error);
        }
    }
}
