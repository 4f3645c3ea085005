using Microsoft.Extensions.Logging;

namespace Movento.Ingest.Jobs;

/// <summary>
/// Where this process's jobs work: a folder of its own, locked while the process lives, so that whoever starts next can tell
/// what a killed process left behind and delete it.
/// </summary>
internal sealed partial class WorkFolder : IDisposable
{
    private const string LockName = "lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _path;
    private readonly FileStream _lock;

    public WorkFolder(IngestOptions options, ILogger<WorkFolder> logger)
    {
        Directory.CreateDirectory(options.WorkFolder, OwnerOnly);
        foreach (var other in Directory.EnumerateDirectories(options.WorkFolder, "worker-*")) RemoveIfDead(other, logger);
        _path = Path.Combine(options.WorkFolder, $"worker-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_path, OwnerOnly);
        _lock = File.Open(Path.Combine(_path, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>A new folder for one attempt at one job.</summary>
    public string Create(IngestJob job) => Create($"{job.Asset}-{job.Version}");

    /// <summary>A new folder.</summary>
    public string Create(string name) => Directory.CreateDirectory(Path.Combine(_path, name), OwnerOnly).FullName;

    /// <summary>Removes a job's folder.</summary>
    public static void Remove(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    public void Dispose()
    {
        _lock.Dispose();
        Remove(_path);
    }

    private static void RemoveIfDead(string folder, ILogger logger)
    {
        try
        {
            // flock(2): the kernel lets go of it when its process ends, however that ends.
            using (File.Open(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)) Remove(folder);
            Log.Removed(logger, folder);
        }
        catch (IOException)
        {
            // Its process lives.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3301, LogLevel.Information, "Removed what a worker that is gone left in {Folder}")]
        public static partial void Removed(ILogger logger, string folder);
    }
}
