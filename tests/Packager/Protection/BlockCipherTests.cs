using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Movento.Packager.Protection.Ciphers;

namespace Movento.Packager.Tests.Protection;

/// <summary>Both ciphers against the vectors of NIST SP 800-38A, and one another.</summary>
public sealed class BlockCipherTests
{
    private static readonly byte[] Key = Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c");

    private const string Plain =
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

    public static TheoryData<string> Ciphers
    {
        get
        {
            var data = new TheoryData<string> { nameof(PortableCipher) };
            if (AesInstructions.IsSupported)
                data.Add(nameof(HardwareCipher));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Chain_OfTheStandard_IsItsCiphertext(string name)
    {
        using var cipher = Named(name, Key);
        var data = Convert.FromHexString(Plain);
        var vector = Vector128.Create(Convert.FromHexString("000102030405060708090a0b0c0d0e0f"));
        vector = cipher.EncryptChain(data.AsSpan(0, 16), vector);
        cipher.EncryptChain(data.AsSpan(16), vector);
        Assert.Equal(
            "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7",
            Convert.ToHexStringLower(data));
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Counter_OfTheStandard_IsItsCiphertext(string name)
    {
        using var cipher = Named(name, Key);
        var data = Convert.FromHexString(Plain);
        var counter = 0xf8f9fafbfcfdfeff;
        cipher.EncryptCounter(data.AsSpan(0, 32), 0xf0f1f2f3f4f5f6f7, ref counter);
        cipher.EncryptCounter(data.AsSpan(32), 0xf0f1f2f3f4f5f6f7, ref counter);
        Assert.Equal(
            "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
            Convert.ToHexStringLower(data));
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Pattern_OfAnySize_IsTheChainOfEveryTenthBlock(string name)
    {
        using var cipher = Named(name, Key);
        using var aes = Aes.Create();
        aes.SetKey(Key);
        for (var size = 0; size < 700; size += 7)
        {
            var plain = RandomNumberGenerator.GetBytes(size);
            var chain = Enumerable.Range(0, size / 16).Where(block => block % 10 == 0).SelectMany(block => plain.Skip(block * 16).Take(16)).ToArray();
            var encrypted = aes.EncryptCbc(chain, new byte[16], PaddingMode.None);
            var expected = plain.ToArray();
            for (var block = 0; block < encrypted.Length / 16; block++)
                encrypted.AsSpan(block * 16, 16).CopyTo(expected.AsSpan(block * 160));
            var actual = plain.ToArray();
            cipher.EncryptPattern(actual, Vector128<byte>.Zero);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    public void Counter_OfAnySize_IsTheSameOnBothWays(string name)
    {
        using var cipher = Named(name, Key);
        using var aes = Aes.Create();
        aes.SetKey(Key);
        foreach (var size in (int[])[0, 1, 15, 16, 17, 127, 128, 129, 255, 4095, 4096, 4097, 10_000])
        {
            var plain = RandomNumberGenerator.GetBytes(size);
            var stream = new byte[(size + 15) / 16 * 16];
            for (var block = 0; block < stream.Length / 16; block++)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(stream.AsSpan(block * 16), 42);
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(stream.AsSpan(block * 16 + 8), ulong.MaxValue + (ulong)block); // wraps
            }

            stream = aes.EncryptEcb(stream, PaddingMode.None);
            var actual = plain.ToArray();
            var counter = ulong.MaxValue;
            cipher.EncryptCounter(actual, 42, ref counter);
            Assert.Equal(plain.Zip(stream, (one, other) => (byte)(one ^ other)), actual);
        }
    }

    private static BlockCipher Named(string name, byte[] key) =>
        name == nameof(HardwareCipher) ? new HardwareCipher(key) : new PortableCipher(key);
}
