using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Movento.Contracts;

/// <summary>
/// SHA-256 between two blocks of a message (FIPS 180-4 §6.2), for who keeps it: .NET has no such state that can be copied without an allocation and a tenth of
/// the time. A block is hashed by OpenSSL, which .NET uses on Linux anyhow, with the processor's instructions where it has them.
/// </summary>
internal unsafe struct Sha256State
{
    public const int BlockLength = 64;

    private const int WordCount = 8;

    // <openssl/sha.h>, struct SHA256state_st: these words first, then what its functions for messages keep.
    private const int ContextLength = 112;

    private static readonly string[] Libraries = ["libcrypto.so.3", "libcrypto.so.1.1"];

    private static readonly delegate* unmanaged[SuppressGCTransition]<uint*, byte*, void> Transform = LoadTransform();

    private fixed uint _words[ContextLength / sizeof(uint)];

    /// <summary>Whether there is an OpenSSL that hashes a block right.</summary>
    public static bool IsAvailable { get; } = Transform is not null && IsRight();

    /// <summary>Before the first block (FIPS 180-4 §5.3.3).</summary>
    public static Sha256State Initial
    {
        get
        {
            var state = default(Sha256State);
            ReadOnlySpan<uint> words = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
            words.CopyTo(new Span<uint>(state._words, WordCount));
            return state;
        }
    }

    /// <summary>Hashes the first <see cref="BlockLength"/> of the bytes; only where it <see cref="IsAvailable"/>.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        fixed (uint* words = _words)
        fixed (byte* block = bytes[..BlockLength])
        {
            Transform(words, block);
        }
    }

    /// <summary>Writes it as a hash, 32 bytes.</summary>
    public void Write(Span<byte> hash)
    {
        for (var word = 0; word < WordCount; word++) BinaryPrimitives.WriteUInt32BigEndian(hash[(word * sizeof(uint))..], _words[word]);
    }

    private static delegate* unmanaged[SuppressGCTransition]<uint*, byte*, void> LoadTransform()
    {
        foreach (var name in Libraries)
        {
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "SHA256_Transform", out var address))
                return (delegate* unmanaged[SuppressGCTransition]<uint*, byte*, void>)address;
        }

        return null;
    }

    // The empty message, whose hash is in NIST's examples; its block is a one and zeros.
    private static bool IsRight()
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        block[0] = 0x80;
        Span<byte> hash = stackalloc byte[WordCount * sizeof(uint)];
        var state = Initial;
        state.Add(block);
        state.Write(hash);
        return hash.SequenceEqual(Convert.FromHexString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    }
}
