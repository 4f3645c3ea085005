namespace Movento.Packager.Verification;

/// <summary>What a decryption left in memory, to be read like any other file.</summary>
internal sealed class DecryptedSource(Uri root) : IPresentationSource
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public Uri Root => root;

    public int Parallelism => 1;

    public void Add(string address, byte[] bytes) => _files[address] = bytes;

    public ValueTask<IReadOnlyList<string>> FindManifestsAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    public ValueTask<(int Read, long Length)> ReadAsync(string address, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var bytes = _files[address].AsMemory();
        var part = offset < bytes.Length ? bytes[(int)offset..] : default;
        part = part[..Math.Min(part.Length, buffer.Length)];
        part.CopyTo(buffer);
        return ValueTask.FromResult((part.Length, (long)bytes.Length));
    }
}
