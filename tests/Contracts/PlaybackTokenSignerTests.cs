namespace Movento.Contracts.Tests;

public class PlaybackTokenSignerTests
{
    private readonly PlaybackTokenSigner _signer = new(PlaybackTokenVectors.Keys);

    [Fact]
    public void Sign_Presentation_MatchesOpenSsl() =>
        Assert.Equal(PlaybackTokenVectors.Presentation, _signer.Sign(PlaybackTokenVectors.Claims));

    [Fact]
    public void Sign_PicturesWithoutSession_MatchesOpenSsl() =>
        Assert.Equal(
            PlaybackTokenVectors.Pictures,
            _signer.Sign(PlaybackTokenVectors.Claims with { Scope = PlaybackScope.Pictures, Session = Guid.Empty }));

    [Fact]
    public void Sign_LastSecondOf32Bits_MatchesOpenSsl()
    {
        var keys = new PlaybackKeyRing(new Dictionary<byte, byte[]> { [255] = PlaybackTokenVectors.OnesKey }, current: 255);
        var claims = new PlaybackClaims(
            new AssetId(Guid.AllBitsSet), PlaybackScope.Presentation, DateTimeOffset.FromUnixTimeSeconds(uint.MaxValue), Guid.Empty);
        Assert.Equal(PlaybackTokenVectors.LastSecondOf32Bits, new PlaybackTokenSigner(keys).Sign(claims));
    }

    [Fact]
    public void Sign_EveryRestriction_MatchesOpenSsl()
    {
        Assert.Equal(PlaybackTokenVectors.Restricted, _signer.Sign(PlaybackTokenVectors.RestrictedClaims));
        Assert.Equal(PlaybackTokenVectors.IPv6, _signer.Sign(PlaybackTokenVectors.IPv6Claims));
        Assert.Equal(PlaybackTokenVectors.EveryAsset, _signer.Sign(PlaybackTokenVectors.EveryAssetClaims));
        Assert.Equal(PlaybackTokenVectors.SignIn, _signer.Sign(PlaybackTokenVectors.SignInClaims));
    }

    [Theory]
    [InlineData("")]
    [InlineData("assets")]
    [InlineData("/assets/")]
    [InlineData("assets//")]
    [InlineData("assets/x")]
    [InlineData("Assets/")]
    [InlineData("assets/../")]
    [InlineData("assets/%2e/")]
    [InlineData("assets/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890/")]
    public void Sign_PathPrefixThatIsNoFolder_Throws(string prefix) =>
        Assert.Throws<ArgumentException>(() => _signer.Sign(PlaybackTokenVectors.Claims with { PathPrefix = prefix }));

    [Fact]
    public void Sign_NeitherAssetNorPathPrefix_Throws() =>
        Assert.Throws<ArgumentException>(() => _signer.Sign(PlaybackTokenVectors.Claims with { Asset = default }));

    [Fact]
    public void Sign_AfterARotation_SignsWithTheNewRing()
    {
        var keys = new PlaybackKeys(PlaybackTokenVectors.Keys);
        var signer = new PlaybackTokenSigner(keys);
        Assert.Equal(PlaybackTokenVectors.Presentation, signer.Sign(PlaybackTokenVectors.Claims));
        var next = new PlaybackKeyRing(new Dictionary<byte, byte[]> { [7] = PlaybackTokenVectors.Key, [255] = PlaybackTokenVectors.OnesKey }, current: 255);
        keys.Replace(next);
        var token = signer.Sign(PlaybackTokenVectors.Claims);
        Assert.NotEqual(PlaybackTokenVectors.Presentation, token);
        Assert.Equal(
            PlaybackTokenOutcome.Valid, new PlaybackTokenVerifier(next).Verify(token, PlaybackTokenVectors.Claims.Expires.AddHours(-1), out _));
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(uint.MaxValue + 1L)]
    public void Sign_ExpiryOutside32Bits_Throws(long seconds) =>
        Assert.Throws<ArgumentException>(() =>
            _signer.Sign(PlaybackTokenVectors.Claims with { Expires = DateTimeOffset.FromUnixTimeSeconds(seconds) }));

    [Fact]
    public void Sign_NoScope_Throws() =>
        Assert.Throws<ArgumentException>(() => _signer.Sign(PlaybackTokenVectors.Claims with { Scope = 0 }));
}
