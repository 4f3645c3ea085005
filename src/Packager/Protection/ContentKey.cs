using System.Security.Cryptography;

namespace Movento.Packager.Protection;

/// <summary>A key that media is encrypted with. Dispose forgets it; no text of this object holds it.</summary>
public sealed class ContentKey : IDisposable
{
    /// <summary>Bytes of a key: AES-128.</summary>
    public const int Size = 16;

    private readonly byte[] _key = GC.AllocateUninitializedArray<byte>(Size, pinned: true); // never moved, so that no copy is left behind

    /// <summary>A key.</summary>
    /// <param name="id">KID: 16 bytes as a number in their order.</param>
    /// <param name="key">16 bytes; copied.</param>
    /// <param name="initializationVector">
    /// 16 bytes as a number: AES-128's, or the constant one of cbcs; of cenc the first 8 bytes are the first sample's. Null: random. Two
    /// files of cenc with one key must never have vectors in common: leave it null.
    /// </param>
    public ContentKey(UInt128 id, ReadOnlySpan<byte> key, UInt128? initializationVector = null)
    {
        if (key.Length != Size)
            throw new ArgumentException($"A content key is {Size} bytes.", nameof(key));
        Id = id;
        key.CopyTo(_key);
        InitializationVector = initializationVector;
    }

    /// <summary>KID: 16 bytes as a number in their order.</summary>
    public UInt128 Id { get; }

    /// <summary>See the constructor.</summary>
    public UInt128? InitializationVector { get; }

    /// <summary>The 16 bytes.</summary>
    public ReadOnlySpan<byte> Key
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _key;
        }
    }

    private bool _isDisposed;

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }
}
