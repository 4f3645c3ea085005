using System.Security.Cryptography;

namespace Movento.Contracts.Tests;

public class HmacSha256KeyTests
{
    // RFC 4231 §4.2 and §4.3.
    [Theory]
    [InlineData("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [InlineData("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    public void Compute_PublishedVector_IsItsCode(string key, string message, string code) =>
        Assert.Equal(code, Convert.ToHexStringLower(CodeOf(Convert.FromHexString(key), Convert.FromHexString(message))));

    [Fact]
    public void Compute_EveryLengthOfKeyAndMessage_IsThePlatformsCode()
    {
        // Both sides of every border: a block less what is behind a message, a block, two.
        var bytes = RandomNumberGenerator.GetBytes(200);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var part = bytes.AsSpan(0, length);
            Assert.Equal(HMACSHA256.HashData(part, bytes), CodeOf(part, bytes));
            Assert.Equal(HMACSHA256.HashData(bytes, part), CodeOf(bytes, part));
        }
    }

    [Fact]
    public void Compute_ManyAtOnce_KeepApart()
    {
        var key = new HmacSha256Key(new byte[32]);
        Parallel.For(0, 2000, number =>
        {
            var message = BitConverter.GetBytes(number);
            Span<byte> code = stackalloc byte[HmacSha256Key.CodeLength];
            key.Compute(message, code);
            Assert.Equal(HMACSHA256.HashData(new byte[32], message), code);
        });
    }

    [Fact]
    public void Verify_OneBitOff_Refuses()
    {
        var key = new HmacSha256Key(new byte[32]);
        byte[] message = [1, 2, 3];
        var code = HMACSHA256.HashData(new byte[32], message);
        Assert.True(key.Verify(message, code));
        for (var bit = 0; bit < 8 * code.Length; bit++)
        {
            var wrong = (byte[])code.Clone();
            wrong[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(key.Verify(message, wrong));
        }

        Assert.False(key.Verify(message, code.AsSpan(1)));
        Assert.False(key.Verify(message, []));
    }

    private static byte[] CodeOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        var code = new byte[HmacSha256Key.CodeLength];
        new HmacSha256Key(key).Compute(message, code);
        return code;
    }
}
