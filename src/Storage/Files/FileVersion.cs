using System.Globalization;

namespace Movento.Storage.Files;

/// <summary>
/// Tells one content of a key from the next by what the file system keeps anyway: length and modification time, which every
/// put makes its own. Survives restarts, and copies that keep times.
/// </summary>
internal readonly record struct FileVersion(long Length, long ModifiedTicks)
{
    public static FileVersion Of(FileInfo file) => new(file.Length, file.LastWriteTimeUtc.Ticks);

    public string ETag => string.Create(CultureInfo.InvariantCulture, $"{Length:x}-{ModifiedTicks:x}");
}
