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
