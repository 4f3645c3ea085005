using Movento.Harness;

namespace Movento.Contracts.Tests;

public class PlaybackTokenVerifierTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly DateTimeOffset Now = PlaybackTokenVectors.Claims.Expires.AddHours(-1);

    private readonly PlaybackTokenVerifier _verifier = new(PlaybackTokenVectors.Keys);

    [Fact]
    public void Verify_OpenSslToken_ReadsEveryClaim()
    {
        Assert.Equal(PlaybackTokenOutcome.Valid, _verifier.Verify(PlaybackTokenVectors.Presentation, Now, out var claims));
        Assert.Equal(PlaybackTokenVectors.Claims, claims);
    }

    [Fact]
    public void Verify_PicturesToken_SaysSo()
    {
        Assert.Equal(PlaybackTokenOutcome.Valid, _verifier.Verify(PlaybackTokenVectors.Pictures, Now, out var claims));
        Assert.Equal(PlaybackScope.Pictures, claims.Scope);
        Assert.Equal(Guid.Empty, claims.Session);
    }

    [Fact]
    public void Verify_RestrictedOpenSslTokens_ReadEveryClaim()
    {
        Assert.Equal(PlaybackTokenOutcome.Valid, _verifier.Verify(PlaybackTokenVectors.Restricted, Now, out var restricted));
        Assert.Equal(PlaybackTokenVectors.RestrictedClaims, restricted);
        Assert.Equal(PlaybackTokenOutcome.Valid, _verifier.Verify(PlaybackTokenVectors.IPv6, Now, out var ipv6));
        Assert.Equal(PlaybackTokenVectors.IPv6Claims, ipv6);
        Assert.Equal(PlaybackTokenOutcome.Valid, _verifier.Verify(PlaybackTokenVectors.EveryAsset, Now, out var everyAsset));
        Assert.Equal(PlaybackTokenVectors.EveryAssetClaims, everyAsset);
        Assert.Equal(PlaybackTokenOutcome.Valid, _verifier.Verify(PlaybackTokenVectors.SignIn, Now, out var signIn));
        Assert.Equal(PlaybackTokenVectors.SignInClaims, signIn);
    }

    [Theory]
    [InlineData("00")] // no such restriction
    [InlineData("0700")]
    [InlineData("06" + "00000000000000000000000000000000")] // no sign-in
    [InlineData("06" + "FFEEDDCCBBAA998877665544332211")] // cut
    [InlineData("06" + "FFEEDDCCBBAA99887766554433221100" + "0402D0")] // not ascending
    [InlineData("0402D0034445")] // not ascending
    [InlineData("0402D00402D0")] // twice
    [InlineData("0118C00002000220" + "20010DB8000000000000000000000000")] // two networks
    [InlineData("0118C0000201")] // bits beyond the prefix
    [InlineData("0121C0000200")] // more bits than an address has
    [InlineData("0281" + "20010DB8000000000000000000000000")]
    [InlineData("036465")] // lower case
    [InlineData("030000")]
    [InlineData("040000")] // no height
    [InlineData("0500")] // no prefix
    [InlineData("05076173736574737A")] // assetsz
    [InlineData("05084173736574732F2F")] // Assets//
    [InlineData("0118C00002")] // cut
    [InlineData("0402")]
    [InlineData("0508" + "6173736574732F")]
    [InlineData("05")]
    [InlineData("01")]
    public void Verify_SignedButWrongRestriction_IsMalformed(string restrictions)
    {
        var fields = System.Buffers.Text.Base64Url.DecodeFromChars(PlaybackTokenVectors.Presentation)[..39];
        byte[] content = [.. fields, .. Convert.FromHexString(restrictions)];
        var token = System.Buffers.Text.Base64Url.EncodeToString(
            [.. content, .. System.Security.Cryptography.HMACSHA256.HashData(PlaybackTokenVectors.Key, content)]);
        AssertRefused(PlaybackTokenOutcome.Malformed, token);
    }

    [Fact]
    public void Verify_OlderKeyOfTheRing_StillOpens()
    {
        Assert.Equal(PlaybackTokenOutcome.Valid, _verifier.Verify(PlaybackTokenVectors.LastSecondOf32Bits, Now, out var claims));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(uint.MaxValue), claims.Expires);
    }

    [Theory]
    [InlineData(-1, PlaybackTokenOutcome.Valid)]
    [InlineData(0, PlaybackTokenOutcome.Expired)]
    [InlineData(1, PlaybackTokenOutcome.Expired)]
    public void Verify_AroundTheExpiry_EndsOnTheSecond(int ticks, PlaybackTokenOutcome outcome)
    {
        Assert.Equal(
            outcome, _verifier.Verify(PlaybackTokenVectors.Presentation, PlaybackTokenVectors.Claims.Expires.AddTicks(ticks), out var claims));
        Assert.Equal(outcome == PlaybackTokenOutcome.Valid ? PlaybackTokenVectors.Claims : default, claims);
    }

    [Theory]
    [InlineData(PlaybackTokenVectors.Version2)]
    [InlineData(PlaybackTokenVectors.Scope3)]
    [InlineData(PlaybackTokenVectors.NoAsset)]
    [InlineData("")]
    [InlineData("=")]
    [InlineData(PlaybackTokenVectors.Presentation + "=")]
    public void Verify_NotATokenOfThisVersion_IsMalformed(string token) => AssertRefused(PlaybackTokenOutcome.Malformed, token);

    [Theory]
    [InlineData("A")]
    [InlineData("AAA")]
    [InlineData("AAAA")]
    public void Verify_SomethingAppended_IsForged(string text) => AssertRefused(PlaybackTokenOutcome.Forged, PlaybackTokenVectors.Presentation + text);

    [Fact]
    public void Verify_KeyOutsideTheRing_IsUnknownKey() => AssertRefused(PlaybackTokenOutcome.UnknownKey, PlaybackTokenVectors.Key8);

    [Fact]
    public void Verify_ForgedAndExpired_SaysForged()
    {
        var forged = PlaybackTokenVectors.Presentation[..^2] + (PlaybackTokenVectors.Presentation[^2] == 'A' ? 'B' : 'A') + "g";
        Assert.Equal(
            PlaybackTokenOutcome.Forged, _verifier.Verify(forged, PlaybackTokenVectors.Claims.Expires.AddYears(1), out _));
    }

    [Fact]
    public void Verify_SameBytesInAnotherText_IsMalformed()
    {
        // The last character's two unused bits set: a lenient decoder would read the same 71 bytes.
        var last = Alphabet.IndexOf(PlaybackTokenVectors.Presentation[^1]);
        for (var unused = 1; unused < 4; unused++)
            AssertRefused(PlaybackTokenOutcome.Malformed, PlaybackTokenVectors.Presentation[..^1] + Alphabet[last | unused]);
    }

    [Fact]
    public void Verify_EveryTruncation_IsRefused()
    {
        for (var length = 0; length < PlaybackTokenVectors.Presentation.Length; length++)
            AssertRefused(PlaybackTokenOutcome.Malformed, PlaybackTokenVectors.Presentation[..length]);
        for (var length = 0; length < PlaybackTokenVectors.Restricted.Length; length++)
            Assert.NotEqual(PlaybackTokenOutcome.Valid, _verifier.Verify(PlaybackTokenVectors.Restricted.AsSpan(0, length), Now, out _));
    }

    [Theory]
    [InlineData(' ')]
    [InlineData('\n')]
    [InlineData('=')]
    [InlineData('%')]
    [InlineData('+')]
    [InlineData('/')]
    [InlineData('\0')]
    [InlineData('é')]
    [InlineData('\uD800')]
    public void Verify_AnotherCharacterAnywhere_IsMalformed(char character)
    {
        for (var position = 0; position < PlaybackTokenVectors.Presentation.Length; position++)
        {
            var token = PlaybackTokenVectors.Presentation.ToCharArray();
            token[position] = character;
            AssertRefused(PlaybackTokenOutcome.Malformed, new string(token));
        }
    }

    [Theory]
    [InlineData(PlaybackTokenVectors.Presentation)]
    [InlineData(PlaybackTokenVectors.Restricted)]
    [InlineData(PlaybackTokenVectors.SignIn)]
    public void Verify_100000Mutations_NoneIsLetThrough(string original)
    {
        // A fixed seed: a failure repeats itself. Half change characters within the alphabet, half any characters at all.
        var random = new Random(20261121);
        var mutated = new char[original.Length];
        for (var round = 0; round < 100_000; round++)
        {
            original.CopyTo(mutated);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                mutated[random.Next(mutated.Length)] =
                    round % 2 == 0 ? Alphabet[random.Next(Alphabet.Length)] : (char)random.Next(char.MaxValue + 1);
            }

            if (original.AsSpan().SequenceEqual(mutated)) continue;
            var outcome = _verifier.Verify(mutated, Now, out var claims);
            Assert.True(outcome != PlaybackTokenOutcome.Valid && claims == default, $"Round {round}: {new string(mutated)} is {outcome}.");
        }
    }

    [Fact]
    public void Verify_EveryFlippedBit_IsRefused()
    {
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(PlaybackTokenVectors.Presentation);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(
                PlaybackTokenOutcome.Valid, _verifier.Verify(System.Buffers.Text.Base64Url.EncodeToString(bytes), Now, out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(PlaybackTokenVectors.Presentation)]
    [InlineData(PlaybackTokenVectors.IPv6)]
    [InlineData(PlaybackTokenVectors.SignIn)]
    [InlineData(PlaybackTokenVectors.Key8)]
    [InlineData("not a token")]
    public void Verify_AnyToken_AllocatesNothing(string token)
    {
        Assert.Equal(0, Allocations.Of(() => _verifier.Verify(token, Now, out _)));
    }

    private void AssertRefused(PlaybackTokenOutcome expected, string token)
    {
        Assert.Equal(expected, _verifier.Verify(token, Now, out var claims));
        Assert.Equal(default, claims);
    }
}
