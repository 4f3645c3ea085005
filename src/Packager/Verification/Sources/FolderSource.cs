namespace Movento.Packager.Verification;

/// <summary>A presentation in a folder. Links are not followed: what a manifest names lies in the folder itself.</summary>
public sealed class FolderSource : IPresentationSource
{
    private const string VirtualFolder = "segments";
    private const int MaxFiles = 65536;
    private static readonly Uri MadeUpRoot = new("http://folder.invalid/presentation/");

    private readonly string _folder;

    /// <summary>The presentation below a folder.</summary>
    public FolderSource(string folder) => _folder = Path.GetFullPath(folder);

    /// <inheritdoc/>
    public Uri Root => MadeUpRoot;

    /// <inheritdoc/>
    public int Parallelism => 1;

    /// <inheritdoc/>
    /// <remarks>
    /// The multivariant playlists and the MPDs that lie in the folder and in its folder <c>segments</c> (docs/formats/urls.md); where there is no
    /// multivariant playlist, the media playlists.
    /// </remarks>
    public async ValueTask<IReadOnlyList<string>> FindManifestsAsync(CancellationToken cancellationToken)
    {
        const int MaxManifests = 256;
        if (!Directory.Exists(_folder))
            throw new PresentationSourceException(true, $"There is no folder '{_folder}'.");
        List<string> multivariant = [], media = [], descriptions = [];
        var virtualFolder = Path.Combine(_folder, VirtualFolder);
        var hasVirtual = Directory.Exists(virtualFolder) && new DirectoryInfo(virtualFolder).LinkTarget is null;
        foreach (var path in FilesOf(_folder).Concat(hasVirtual ? FilesOf(virtualFolder) : []))
        {
            var name = string.Join('/', Path.GetRelativePath(_folder, path).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
            if (name.EndsWith(".mpd", StringComparison.OrdinalIgnoreCase))
                descriptions.Add(name);
            else if (name.EndsWith(".m3u8", StringComparison.OrdinalIgnoreCase))
                (await IsMultivariantAsync(name, cancellationToken).ConfigureAwait(false) ? multivariant : media).Add(name);
        }

        return [.. (multivariant.Count > 0 ? multivariant : media).Concat(descriptions).Take(MaxManifests)];
    }

    /// <inheritdoc/>
    public async ValueTask<(int Read, long Length)> ReadAsync(string address, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var path = PathOf(address);
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.Asynchronous);
            var length = RandomAccess.GetLength(file);
            var total = 0;
            while (total < buffer.Length && offset < length - total)
            {
                var read = await RandomAccess.ReadAsync(file, buffer[total..], offset + total, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    break;
                total += read;
            }

            return (total, length);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PresentationSourceException(true, $"There is no file '{address}'.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new PresentationSourceException(false, $"'{address}' cannot be read: {exception.Message}", exception);
        }
    }

    private static IEnumerable<string> FilesOf(string folder) => Directory.EnumerateFiles(folder).Take(MaxFiles).Order(StringComparer.Ordinal);

    private async Task<bool> IsMultivariantAsync(string name, CancellationToken cancellationToken)
    {
        var start = new byte[64 << 10];
        var (read, _) = await ReadAsync(name, 0, start, cancellationToken).ConfigureAwait(false);
        return start.AsSpan(0, read).IndexOf("#EXT-X-STREAM-INF"u8) >= 0;
    }

    private string PathOf(string address)
    {
        var end = address.AsSpan().IndexOfAny('?', '#');
        var path = _folder;
        foreach (var part in (end < 0 ? address : address[..end]).Split('/'))
        {
            var name = Uri.UnescapeDataString(part);
            if (name is "" or "." or ".." || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
                throw new PresentationSourceException(true, $"'{address}' does not name a file of the folder.");
            path = Path.Combine(path, name);
            if (new FileInfo(path).LinkTarget is not null)
                throw new PresentationSourceException(false, $"'{address}' is a link, which is not followed.");
        }

        // A pipe or a device would be waited for.
        return !File.Exists(path) || (File.GetAttributes(path) & FileAttributes.Device) == 0
            ? path
            : throw new PresentationSourceException(false, $"'{address}' is not a plain file.");
    }
}
