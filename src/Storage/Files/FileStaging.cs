using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Movento.Storage.Staging;

namespace Movento.Storage.Files;

/// <summary>
/// Uploads as growing files beside the objects, below a name that no key can have ('_'), on the same file system, so that a whole one
/// only changes its name. An open upload is locked by the operating system, so that the lock of a killed process is gone with it.
/// </summary>
internal sealed class FileStaging(string root, Func<string, string, ObjectInfo> place, Func<long> newStamp, TimeProvider time)
{
    private const string Name = "_staged";

    // Between two attempts at a file that another request has not let go of yet.
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(10);

    private readonly string _folder = Path.Combine(root, Name);

    public async Task<IStagedUpload> OpenAsync(string key, StagedBytes staged, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            var handle = await LockAsync(PathOf(key), FileMode.OpenOrCreate, cancellationToken);
            try
            {
                Demand(key, RandomAccess.GetLength(handle) >= staged.Length);
                RandomAccess.SetLength(handle, staged.Length);
                return new StagedFile(key, handle, staged, _folder);
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of($"Opening the upload {key}", error);
        }
    }

    public async Task<ObjectInfo?> CompleteAsync(string key, StagedBytes staged, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        try
        {
            if (!File.Exists(path))
                return null;
            using var handle = await LockAsync(path, FileMode.Open, cancellationToken);
            Demand(key, RandomAccess.GetLength(handle) >= staged.Length);
            return await Task.Run(() =>
            {
                RandomAccess.SetLength(handle, staged.Length);
                File.SetLastWriteTimeUtc(handle, new DateTime(newStamp(), DateTimeKind.Utc));
                RandomAccess.FlushToDisk(handle);
                return place(key, path);
            }, CancellationToken.None);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of($"Completing the upload {key}", error);
        }
    }

    public void Remove(string key)
    {
        try
        {
            if (File.Exists(PathOf(key)))
                File.Delete(PathOf(key));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of($"Removing the upload {key}", error);
        }
    }

    // No key has an underscore, so no two keys have one file.
    private string PathOf(string key) => Path.Combine(_folder, key.Replace('/', '_'));

    // FileShare.None is flock(2) here: it is held by the open file, not by the process, and goes with either.
    private async Task<SafeFileHandle> LockAsync(string path, FileMode mode, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (error is not FileNotFoundException && error.HResult == Errno.TryAgain)
            {
                await Task.Delay(LockRetry, time, cancellationToken);
            }
        }
    }

    private static void Demand(string key, bool areThere)
    {
        if (!areThere)
            throw new ObjectStoreException($"Bytes of the upload {key} are missing.", isTransient: false);
    }

    private sealed class StagedFile(string key, SafeFileHandle handle, StagedBytes staged, string folder) : IStagedUpload
    {
        private long _end = staged.Length;
        private bool _named = staged.Length > 0;

        public StagedBytes Staged { get; private set; } = staged;

        public bool IsMemoDue => false;

        public async ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellationToken)
        {
            try
            {
                foreach (var memory in bytes)
                {
                    await RandomAccess.WriteAsync(handle, memory, _end, cancellationToken);
                    _end += memory.Length;
                }
            }
            catch (IOException error)
            {
                throw FileFault.Of($"Writing the upload {key}", error);
            }
        }

        public ValueTask<StagedBytes> CheckpointAsync(CancellationToken cancellationToken) => FlushAsync(cancellationToken);

        public async ValueTask<StagedBytes> FlushAsync(CancellationToken cancellationToken)
        {
            if (_end == Staged.Length)
                return Staged;
            try
            {
                await Task.Run(() =>
                {
                    RandomAccess.FlushToDisk(handle);
                    if (_named)
                        return;
                    NativeFile.SyncDirectory(folder);
                    NativeFile.SyncDirectory(Path.GetDirectoryName(folder)!);
                    _named = true;
                }, cancellationToken);
            }
            catch (IOException error)
            {
                throw FileFault.Of($"Syncing the upload {key}", error);
            }

            return Staged = new StagedBytes(_end, null);
        }

        public ValueTask DisposeAsync()
        {
            handle.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
