using System.Buffers;
using System.Globalization;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;

namespace Movento.Packager.Verification;

/// <summary>
/// A presentation that was just packaged: its media are local files, its manifests are rendered here, exactly as an edge would render them
/// later, with byte ranges and with virtual segments. What a pipeline verifies before it publishes.
/// </summary>
public sealed class PackagedSource : IPresentationSource
{
    private const string VirtualFolder = "segments/";
    private static readonly Uri MadeUpRoot = new("http://packaged.invalid/presentation/");

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _files;
    private readonly Presentation _presentation;
    private readonly List<string> _manifests = [];

    /// <summary>Renders the manifests of a presentation.</summary>
    /// <param name="presentation">The model.</param>
    /// <param name="files">From the names of docs/formats/urls.md, such as <c>v720.mp4</c>, to local paths.</param>
    public PackagedSource(Presentation presentation, IReadOnlyDictionary<string, string> files)
    {
        _presentation = presentation;
        _files = new Dictionary<string, string>(files, StringComparer.Ordinal);
        var hints = new DeliveryHints { HasIFrameSegments = true };
        foreach (var addressing in Enum.GetValues<SegmentAddressing>())
        {
            foreach (var manifest in ManifestFile.Of(presentation, addressing, hints))
            {
                var output = new ArrayBufferWriter<byte>();
                manifest.Write(output);
                _documents[manifest.Path] = output.WrittenMemory;
                if (Path.GetFileName(manifest.Path) is "master.m3u8" or "manifest.mpd")
                    _manifests.Add(manifest.Path);
            }
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

        var (name, start, size) = address.StartsWith(VirtualFolder, StringComparison.Ordinal) ? Virtual(address) : (address, 0L, null);
        if (!_files.TryGetValue(name, out var path))
            throw new PresentationSourceException(true, $"There is no '{address}' in the presentation.");
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.Asynchronous);
        // A virtual segment that reaches past the file is as long as the file has bytes for it.
        var length = Math.Clamp(RandomAccess.GetLength(file) - start, 0, size ?? long.MaxValue);
        var total = 0;
        while (total < buffer.Length && offset + total < length)
        {
            var wanted = buffer[total..(int)Math.Min(buffer.Length, length - offset)];
            var read = await RandomAccess.ReadAsync(file, wanted, start + offset + total, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                break;
            total += read;
        }

        return (total, length);
    }

    // segments/{rendition}/init.mp4, {k}.m4s, {k}.vtt and iframes/{k}.m4s: the same bytes as the ranges
    private (string Name, long Offset, long? Size) Virtual(string address)
    {
        var parts = address[VirtualFolder.Length..].Split('/');
        if (parts is [var id, "iframes", var iframe] && iframe.EndsWith(".m4s", StringComparison.Ordinal) && _presentation.Renditions.FirstOrDefault(rendition => rendition.Id == id) is { } pictures
            && int.TryParse(iframe.AsSpan(0, iframe.Length - 4), NumberStyles.None, CultureInfo.InvariantCulture, out var point) && point >= 1 && point <= pictures.AccessPoints.Length)
            return ($"{id}.mp4", pictures.AccessPoints[point - 1].Offset, pictures.AccessPoints[point - 1].Size);
        if (parts.Length == 2 && _presentation.Renditions.FirstOrDefault(rendition => rendition.Id == parts[0]) is { } rendition)
        {
            if (parts[1] == "init.mp4")
                return ($"{rendition.Id}.mp4", rendition.Initialization.Offset, rendition.Initialization.Size);
            var dot = parts[1].IndexOf('.', StringComparison.Ordinal);
            if (dot > 0 && int.TryParse(parts[1].AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1)
            {
                if (parts[1][dot..] == ".m4s" && number <= rendition.Segments.Length && rendition.Segments[number - 1] is var segment)
                    return ($"{rendition.Id}.mp4", segment.Offset, segment.Size);
                if (parts[1][dot..] == ".vtt" && number <= rendition.TextSegmentSizes.Length)
                    return ($"{rendition.Id}.segments.vtt", rendition.TextSegmentSizes.AsSpan()[..(number - 1)].ToArray().Sum(), rendition.TextSegmentSizes[number - 1]);
            }
        }

        return (address, 0, null);
    }
}
