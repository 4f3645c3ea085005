namespace Movento.Contracts.Tests;

public class AssetIdTests
{
    [Fact]
    public void Parse_ItsOwnText_RoundTrips()
    {
        var id = AssetId.New(DateTimeOffset.UnixEpoch.AddYears(56));
        Assert.Equal(id, AssetId.Parse(id.ToString()));
        Assert.Equal(AssetId.TextLength, id.ToString().Length);
        Assert.Equal(7, id.Value.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0192f0c1a2b37c4d8e5f60718293a4b")]
    [InlineData("0192f0c1a2b37c4d8e5f60718293a4b56")]
    [InlineData("0192F0C1A2B37C4D8E5F60718293A4B5")]
    [InlineData("0192f0c1-a2b3-7c4d-8e5f-60718293a4b5")]
    [InlineData("{192f0c1a2b37c4d8e5f60718293a4b5}")]
    [InlineData("0192f0c1a2b37c4d8e5f60718293a4g5")]
    [InlineData(" 192f0c1a2b37c4d8e5f60718293a4b5")]
    [InlineData("０192f0c1a2b37c4d8e5f60718293a4b5")]
    public void Parse_AnythingElse_Fails(string text)
    {
        Assert.False(AssetId.TryParse(text, out var id));
        Assert.Equal(default, id);
        Assert.Throws<FormatException>(() => AssetId.Parse(text));
    }

    [Fact]
    public void Parse_Null_Fails() => Assert.False(AssetId.TryParse(null, null, out _));

    [Fact]
    public void Compare_IdsMadeLater_SortLaterAlsoAsText()
    {
        var start = DateTimeOffset.UnixEpoch.AddYears(56);
        var ids = Enumerable.Range(0, 50).Select(millisecond => AssetId.New(start.AddMilliseconds(millisecond))).ToArray();
        Assert.Equal(ids, ids.Reverse().Order());
        Assert.Equal(ids, ids.Reverse().OrderBy(id => id.ToString(), StringComparer.Ordinal));
        Assert.True(ids[0] < ids[1] && ids[1] > ids[0] && ids[0] <= ids[1] && ids[1] >= ids[0]);
    }
}
