using System.Runtime.Intrinsics;

namespace Movento.Packager.Protection.Ciphers;

/// <summary>AES-128 (FIPS 197) in the three modes that media is encrypted in, in place.</summary>
internal abstract class BlockCipher : IDisposable
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockSize = 16;

    private protected BlockCipher()
    {
    }

    /// <summary>With the processor's own AES instructions where it has them, else with the platform's library.</summary>
    /// <param name="key">16 bytes; not kept.</param>
    public static BlockCipher Create(ReadOnlySpan<byte> key) =>
        AesInstructions.IsSupported ? new HardwareCipher(key) : new PortableCipher(key);

    /// <summary>CBC (NIST SP 800-38A §6.2) of whole blocks.</summary>
    /// <param name="data">A multiple of 16 bytes; overwritten.</param>
    /// <param name="vector">The initialization vector, or the last block of what came before.</param>
    /// <returns>The last block: the next part's vector.</returns>
    public abstract Vector128<byte> EncryptChain(Span<byte> data, Vector128<byte> vector);

    /// <summary>CBC over one block of every ten, the other nine stay in the clear (ISO/IEC 23001-7 §10.4.2, pattern 1:9).</summary>
    /// <param name="data">One subsample's protected bytes; a partial block at the end stays in the clear.</param>
    /// <param name="vector">The constant initialization vector, which every subsample begins with.</param>
    public abstract void EncryptPattern(Span<byte> data, Vector128<byte> vector);

    /// <summary>CTR (NIST SP 800-38A §6.5) with 64 bits of vector and 64 bits of block counter (ISO/IEC 23001-7 §9.4).</summary>
    /// <param name="data">Any size; only the last part of a sample may end within a block.</param>
    /// <param name="vector">Of the sample.</param>
    /// <param name="counter">Of the first block; moved on.</param>
    public abstract void EncryptCounter(Span<byte> data, ulong vector, ref ulong counter);

    /// <summary>Forgets the key.</summary>
    public abstract void Dispose();

    private protected const int PatternBlocks = 10;
    private protected const int PatternSize = PatternBlocks * BlockSize;
}
