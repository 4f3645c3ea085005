using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>
/// SHA-256 of uploads as far as they have come, kept in memory from one request to the next. .NET's hashes cannot be written down, so after
/// a restart, or where the next request came to another process, the whole is read again once it is there.
/// </summary>
internal sealed class RunningHashes
{
    // Each is some hundred bytes; what goes past the bound is read again.
    private const int Most = 1024;
    private readonly ConcurrentDictionary<Guid, RunningHash> _hashes = new();

    /// <summary>The hash of the upload's first <paramref name="offset"/> bytes, now the caller's; null where nobody has it.</summary>
    public RunningHash? Take(Guid upload, long offset)
    {
        if (_hashes.TryRemove(upload, out var hash))
        {
            if (hash.Length == offset) return hash;
            hash.Dispose();
        }
        return offset == 0 ? new RunningHash() : null;
    }

    public void Put(Guid upload, RunningHash hash)
    {
        if (_hashes.Count >= Most || !_hashes.TryAdd(upload, hash)) hash.Dispose();
    }

    /// <summary>Forgets it.</summary>
    public void Drop(Guid upload)
    {
        if (_hashes.TryRemove(upload, out var hash)) hash.Dispose();
    }
}

/// <summary>SHA-256 of the first <see cref="Length"/> bytes.</summary>
internal sealed class RunningHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    public byte[] Value() => _hash.GetCurrentHash();

    public void Dispose() => _hash.Dispose();
}
