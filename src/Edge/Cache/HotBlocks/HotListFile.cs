namespace Movento.Edge.Cache.HotBlocks;

/// <summary>Where a hot list lies from one run of the edge to the next. Whoever reads it finds the old one or the new one, never a part.</summary>
internal sealed class HotListFile(string path)
{
    public string Path => path;

    /// <summary>The list; null where there is none yet.</summary>
    /// <exception cref="HotListFormatException">What is there is no hot list.</exception>
    /// <exception cref="IOException">The disk does not give it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public async Task<HotList?> ReadAsync(CancellationToken cancellationToken)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous, BufferSize = 0 });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        await using (file)
        {
            if (file.Length > HotListJson.MaxBytes) throw new HotListFormatException($"it has {file.Length} bytes, more than the {HotListJson.MaxBytes} of any");
            var text = new byte[file.Length];
            await file.ReadExactlyAsync(text, cancellationToken);
            return HotListJson.Read(text);
        }
    }

    /// <summary>Replaces the list, for its owner's eyes: it says what is watched.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public async Task WriteAsync(HotList list)
    {
        var text = HotListJson.Write(list);
        var unfinished = path + ".new";
        await using (var file = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await file.WriteAsync(text);
            // On the disk before it takes the other's place: a machine that loses power must not find an empty one there.
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}
