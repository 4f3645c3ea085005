using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using Movento.Packager.Protection.Ciphers;

namespace Movento.Benchmarks.Packager;

/// <summary>A mebibyte of media through each mode: with the processor's AES instructions where it has them, and with the platform's library.</summary>
[MemoryDiagnoser]
public class EncryptionBenchmarks
{
    private readonly byte[] _media = new byte[1 << 20];
    private BlockCipher _cipher = null!;
    private BlockCipher _portable = null!;

    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_media);
        _cipher = BlockCipher.Create(_media.AsSpan(0, 16));
        _portable = new PortableCipher(_media.AsSpan(0, 16));
    }

    /// <summary>HLS AES-128, and the sound of cbcs.</summary>
    [Benchmark]
    public Vector128<byte> Chain() => _cipher.EncryptChain(_media, Vector128<byte>.Zero);

    /// <summary>The pictures of cbcs: one block of ten.</summary>
    [Benchmark]
    public void Pattern() => _cipher.EncryptPattern(_media, Vector128<byte>.Zero);

    /// <summary>cenc.</summary>
    [Benchmark]
    public ulong Counter()
    {
        var counter = 0ul;
        _cipher.EncryptCounter(_media, 1, ref counter);
        return counter;
    }

    /// <summary>As <see cref="Pattern"/>, with the library.</summary>
    [Benchmark]
    public void PortablePattern() => _portable.EncryptPattern(_media, Vector128<byte>.Zero);

    /// <summary>As <see cref="Counter"/>, with the library.</summary>
    [Benchmark]
    public ulong PortableCounter()
    {
        var counter = 0ul;
        _portable.EncryptCounter(_media, 1, ref counter);
        return counter;
    }
}
