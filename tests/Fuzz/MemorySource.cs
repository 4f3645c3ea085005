using Movento.Packager.Verification;

namespace Movento.Fuzz;

/// <summary>A presentation in memory, one file of it replaced.</summary>
internal sealed class MemorySource(IReadOnlyDictionary<string, byte[]> files, string replaced, byte[] replacement) : IPresentationSource
{
    public Uri Root { get; } = new("http://fuzz.invalid/");

    public int Parallelism => 1;

    public ValueTask<IReadOnlyList<string>> FindManifestsAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>(["master.m3u8", "manifest.mpd"]);

    public ValueTask<(int Read, long Length)> ReadAsync(string address, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var file = address == replaced ? replacement : files.GetValueOrDefault(address) ?? throw new PresentationSourceException(true, $"There is no '{address}'.");
        if (offset >= file.Length)
            return ValueTask.FromResult((0, (long)file.Length));
        var part = file.AsSpan((int)offset, (int)Math.Min(buffer.Length, file.Length - offset));
        part.CopyTo(buffer.Span);
        return ValueTask.FromResult((part.Length, (long)file.Length));
    }
}
