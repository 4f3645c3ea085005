namespace Movento.Packager.Folders;

/// <summary>
/// A folder inside the one to be written, on the same file system, in which everything is made; moving its files up is all that is left to do then.
/// What is not published is deleted, so that no half of a film is taken for a whole one.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    private const string Prefix = ".packaging-";
    private readonly string _target;
    private readonly bool _isNew;
    private bool _isPublished;

    /// <summary>Makes both folders where they are missing.</summary>
    /// <exception cref="FolderNotEmptyException">The target has something in it, and <paramref name="replace"/> is off.</exception>
    public StagingFolder(string target, bool replace)
    {
        _target = System.IO.Path.GetFullPath(target);
        if (File.Exists(_target))
            throw new IOException($"'{target}' is a file, not a folder.");
        _isNew = !Directory.Exists(_target);
        if (!_isNew && !replace && Directory.EnumerateFileSystemEntries(_target).Any())
            throw new FolderNotEmptyException(target);
        Path = System.IO.Path.Combine(_target, $"{Prefix}{Guid.NewGuid():n}");
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <summary>A path inside it; the folder above it is made.</summary>
    public string Combine(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Moves everything into place.</summary>
    /// <param name="entries">The files that say that the rest is there, in their order: what stands there of an earlier time is removed before anything else moves, and they come last.</param>
    public void Publish(params ReadOnlySpan<string> entries)
    {
        foreach (var entry in entries)
            File.Delete(InTarget(entry));
        foreach (var folder in Directory.EnumerateDirectories(Path).ToList())
        {
            var target = InTarget(System.IO.Path.GetFileName(folder));
            if (Directory.Exists(target))
                Directory.Delete(target, recursive: true);
            Directory.Move(folder, target);
        }

        foreach (var file in Directory.EnumerateFiles(Path).ToList())
        {
            if (!entries.Contains(System.IO.Path.GetFileName(file)))
                File.Move(file, InTarget(System.IO.Path.GetFileName(file)), overwrite: true);
        }

        foreach (var entry in entries)
        {
            if (File.Exists(System.IO.Path.Combine(Path, entry)))
                File.Move(System.IO.Path.Combine(Path, entry), InTarget(entry), overwrite: true);
        }

        _isPublished = true;
    }

    /// <summary>Removes what is left, and the target where it was made for nothing.</summary>
    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        if (_isNew && !_isPublished)
            Directory.Delete(_target, recursive: true);
    }

    private string InTarget(string name) => System.IO.Path.Combine(_target, name);
}
