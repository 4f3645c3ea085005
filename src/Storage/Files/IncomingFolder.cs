namespace Movento.Storage.Files;

/// <summary>
/// Where puts grow until they are whole: one folder per running store, below a name that no key can have ('_'), in the same
/// file system as the objects. A store holds its folder's lock file for as long as it lives, so what a killed one left
/// behind is known by a lock that nobody holds.
/// </summary>
internal sealed class IncomingFolder(string root) : IDisposable
{
    private const string Name = "_incoming";
    private const string LockName = "lock";

    private readonly Lock _lock = new();
    private string? _folder;
    private FileStream? _held;

    /// <summary>Removes what killed stores left behind, and nothing of those that run.</summary>
    public void Sweep()
    {
        var incoming = Path.Combine(root, Name);
        if (!Directory.Exists(incoming))
            return;

        foreach (var folder in Directory.GetDirectories(incoming))
        {
            try
            {
                using var unheld = Hold(folder);
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Held by a running store, swept by another one just now, or on a disk that this store may only read.
            }
        }
    }

    /// <summary>A path for a new file, which nobody else will choose.</summary>
    public string NewPath() => Path.Combine(OwnFolder(), Guid.NewGuid().ToString("n"));

    public void Dispose()
    {
        lock (_lock)
        {
            if (_folder is null)
                return;
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException)
            {
                // A put still in flight is writing into it; the next start sweeps it.
            }

            _held?.Dispose();
            _folder = null;
        }
    }

    private string OwnFolder()
    {
        lock (_lock)
        {
            if (_folder is not null)
                return _folder;

            for (var attempt = 1; ; attempt++)
            {
                var folder = Path.Combine(root, Name, Guid.NewGuid().ToString("n"));
                try
                {
                    Directory.CreateDirectory(folder);
                    _held = Hold(folder);
                    return _folder = folder;
                }
                catch (IOException) when (attempt < 3)
                {
                    // A sweep that started at this very moment took the new folder for a leftover: make another.
                }
            }
        }
    }

    private static FileStream Hold(string folder) =>
        new(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
}
