using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Movento.Storage.Files;

/// <summary>
/// Keeps the files read last open, at most <paramref name="capacity"/> of them (and those being read right now), so that a range
/// costs one <c>pread</c> and not an open, a stat and a close besides, and allocates nothing, not even its path.
/// </summary>
internal sealed class OpenFileCache(int capacity, Func<string, string> pathOf, TimeProvider time) : IDisposable
{
    // Another process may replace or delete the file behind an open handle; after this long the name is looked at again.
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<OpenFile>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<OpenFile> _byUse = []; // the last used first
    private long _forgotten;

    public int Count
    {
        get
        {
            lock (_lock)
                return _byUse.Count;
        }
    }

    /// <summary>The open file of <paramref name="key"/>, to be given back with <see cref="Return"/>; null where there is none.</summary>
    public OpenFile? Lease(string key)
    {
        if (TryLeaseOpen(key, out var file) && IsCurrent(file))
            return file;
        if (file is not null)
        {
            Retire(file);
            Return(file);
        }

        return LeaseNew(key);
    }

    public void Return(OpenFile file)
    {
        lock (_lock)
        {
            file.Leases--;
            CloseIfDone(file);
        }
    }

    /// <summary>Forgets the file of a key that was replaced or deleted.</summary>
    public void Forget(string key)
    {
        lock (_lock)
        {
            _forgotten++;
            if (_byKey.TryGetValue(key, out var node))
                Remove(node);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            while (_byUse.First is { } node)
                Remove(node);
        }
    }

    private bool TryLeaseOpen(string key, [NotNullWhen(true)] out OpenFile? file)
    {
        lock (_lock)
        {
            file = null;
            if (!_byKey.TryGetValue(key, out var node))
                return false;
            if (node != _byUse.First)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }

            file = node.Value;
            file.Leases++;
            return true;
        }
    }

    private bool IsCurrent(OpenFile file)
    {
        if (time.GetElapsedTime(file.CheckedAt) < Trusted)
            return true;

        var now = time.GetTimestamp();
        var onDisk = new FileInfo(file.Path);
        if (!onDisk.Exists || FileVersion.Of(onDisk) != file.Version)
            return false;
        file.CheckedAt = now;
        return true;
    }

    private OpenFile? LeaseNew(string key)
    {
        var path = pathOf(key);

        // The clock is read before the file is: a replacement between the two is then found at the next check.
        var now = time.GetTimestamp();
        var forgotten = Volatile.Read(ref _forgotten);
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException error) when (FileFault.MeansNone(error))
        {
            return null;
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            return null;
        }

        var version = new FileVersion(RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle).Ticks);
        var file = new OpenFile(key, path, handle, version, now) { Leases = 1 };
        lock (_lock)
        {
            // A put or a delete since then may have been this key's: read what was opened, but do not keep it.
            if (_forgotten != forgotten)
            {
                file.Retired = true;
                return file;
            }

            if (_byKey.TryGetValue(key, out var other))
                Remove(other);
            _byKey.Add(key, _byUse.AddFirst(file));
            while (_byUse.Count > capacity)
                Remove(_byUse.Last!);
        }

        return file;
    }

    private void Retire(OpenFile file)
    {
        lock (_lock)
        {
            if (_byKey.TryGetValue(file.Key, out var node) && node.Value == file)
                Remove(node);
        }
    }

    private void Remove(LinkedListNode<OpenFile> node)
    {
        _byUse.Remove(node);
        _byKey.Remove(node.Value.Key);
        node.Value.Retired = true;
        CloseIfDone(node.Value);
    }

    private static void CloseIfDone(OpenFile file)
    {
        if (file is { Retired: true, Leases: 0 })
            file.Handle.Dispose();
    }
}
