using System.Buffers;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;

namespace Movento.Packager.Verification;

/// <summary>
/// A presentation that was just packaged: its media are local files, its manifests are rendered here, exactly as an edge would render them
/// later. What a pipeline verifies before it publishes.
/// </summary>
public sealed class PackagedSource : IPresentationSource
{
    private static readonly Uri MadeUpRoot = new("http://packaged.invalid/");

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _files;
    private readonly List<string> _manifests = [];

    /// <summary>Renders the manifests of a presentation.</summary>
    /// <param name="presentation">The model.</param>
    /// <param name="files">From the names of docs/formats/urls.md, such as <c>v720.mp4</c>, to local paths.</param>
    public PackagedSource(Presentation presentation, IReadOnlyDictionary<string, string> files)
    {
        _files = new Dictionary<string, string>(files, StringComparer.Ordinal);
        foreach (var manifest in ManifestFile.Of(presentation, SegmentAddressing.ByteRanges))
        {
            var output = new ArrayBufferWriter<byte>();
            manifest.Write(output);
            _documents[manifest.Path] = output.WrittenMemory;
            if (manifest.Path is "master.m3u8" or "manifest.mpd")
                _manifests.Add(manifest.Path);
        }
    }

    /// <inheritdoc/>
    public Uri Root => MadeUpRoot;

    /// <inheritdoc/>
    public int Parallelism => 1;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindManifestsAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>(_manifests);

    /// <inheritdoc/>
    public async ValueTask<(int Read, long Length)> ReadAsync(string address, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_documents.TryGetValue(address, out var document))
        {
            var part = offset < document.Length ? document[(int)offset..] : default;
            part = part[..Math.Min(part.Length, buffer.Length)];
            part.CopyTo(buffer);
            return (part.Length, document.Length);
        }

        if (!_files.TryGetValue(address, out var path))
            throw new PresentationSourceException(true, $"There is no '{address}' in the presentation.");
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.Asynchronous);
        var (length, total) = (RandomAccess.GetLength(file), 0);
        while (total < buffer.Length && offset < length - total
            && await RandomAccess.ReadAsync(file, buffer[total..], offset + total, cancellationToken).ConfigureAwait(false) is var read and > 0)
            total += read;
        return (total, length);
    }
}
