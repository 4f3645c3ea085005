using Microsoft.Win32.SafeHandles;

namespace Movento.Storage.Files;

/// <summary>
/// A file held open for positional reads by any number of readers. It is closed when it is retired and the last lease is given
/// back, so that a read in flight never loses its handle; a file replaced or deleted meanwhile is read to its end as it was.
/// <see cref="Leases"/> and <see cref="Retired"/> are guarded by the lock of the <see cref="OpenFileCache"/> that made it.
/// </summary>
internal sealed class OpenFile(string key, string path, SafeFileHandle handle, FileVersion version, long checkedAt)
{
    public string Key { get; } = key;

    public string Path { get; } = path;

    public SafeFileHandle Handle { get; } = handle;

    public FileVersion Version { get; } = version;

    /// <summary>When <see cref="Version"/> was last seen at <see cref="Path"/>: a timestamp of the cache's clock.</summary>
    public long CheckedAt { get; set; } = checkedAt;

    public int Leases { get; set; }

    public bool Retired { get; set; }
}
