namespace Movento.Contracts.Tests;

public class PlaybackKeyRingTests
{
    [Fact]
    public void Ring_CurrentKeyMissing_Throws() =>
        Assert.Throws<ArgumentException>(() => new PlaybackKeyRing(new Dictionary<byte, byte[]> { [1] = new byte[32] }, current: 2));

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Ring_KeyOfAnotherLength_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => new PlaybackKeyRing(new Dictionary<byte, byte[]> { [1] = new byte[length] }, current: 1));

    [Fact]
    public void Ring_UnknownId_IsNull() => Assert.Null(PlaybackTokenVectors.Keys[8]);

    [Fact]
    public void Ring_CallerWipesItsKey_KeepsItsOwn()
    {
        var key = PlaybackTokenVectors.Key.ToArray();
        var ring = new PlaybackKeyRing(new Dictionary<byte, byte[]> { [1] = key }, current: 1);
        Array.Clear(key);
        Assert.Equal(PlaybackTokenVectors.Key, ring[1]!.Bytes);
    }
}
