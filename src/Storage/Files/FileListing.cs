namespace Movento.Storage.Files;

/// <summary>Walks a folder in the ordinal order of the keys that its files are.</summary>
internal static class FileListing
{
    /// <summary>The objects whose key begins with <paramref name="prefix"/>; no more of the tree is visited than leads to them.</summary>
    public static IEnumerable<ObjectInfo> Under(string root, string prefix)
    {
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        return Walk(root, folder, prefix);
    }

    // Folders are sorted with their '/', for "a.b" comes before "a/b" and that before "a0". Below the first level every key matches.
    private static IEnumerable<ObjectInfo> Walk(string root, string folder, string prefix)
    {
        foreach (var (key, version) in Entries(Path.Combine(root, folder), folder, prefix))
        {
            if (version is { } file)
            {
                yield return new ObjectInfo(key, file.Length, file.ETag);
                continue;
            }

            foreach (var below in Walk(root, key, prefix))
                yield return below;
        }
    }

    private static List<(string Key, FileVersion? Version)> Entries(string path, string folder, string prefix)
    {
        var entries = new List<(string Key, FileVersion? Version)>();
        try
        {
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
            {
                var key = folder + entry.Name;
                if (!ObjectKey.IsPart(entry.Name) || !key.StartsWith(prefix, StringComparison.Ordinal))
                    continue; // not asked for, or not an object's: puts in progress, a disk's lost+found
                if (entry is FileInfo { Exists: true } file)
                    entries.Add((key, FileVersion.Of(file)));
                else if (entry is DirectoryInfo)
                    entries.Add((key + "/", null));
            }
        }
        catch (IOException error) when (FileFault.MeansNone(error))
        {
            // No such folder, or deleted while it was being read.
        }

        entries.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return entries;
    }
}
