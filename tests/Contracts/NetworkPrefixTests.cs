using System.Net;

namespace Movento.Contracts.Tests;

public class NetworkPrefixTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.0", true)]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.6", false)]
    [InlineData("192.0.2.0/24", "::ffff:192.0.2.9", true)]
    [InlineData("0.0.0.0/0", "203.0.113.1", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", true)]
    [InlineData("2001:db8::/32", "2001:db9::", false)]
    [InlineData("2001:db8::/32", "192.0.2.1", false)]
    [InlineData("2001:db8::1", "2001:db8::1", true)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    public void Contains_AnAddress_ComparesTheFirstBits(string network, string address, bool contains)
    {
        Assert.True(NetworkPrefix.TryParse(network, out var prefix));
        Assert.Equal(contains, prefix.Contains(NetworkPrefix.ToNumber(IPAddress.Parse(address))));
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    public void Contains_AnUnknownAddress_Never(string network)
    {
        Assert.True(NetworkPrefix.TryParse(network, out var prefix));
        Assert.False(prefix.Contains(NetworkPrefix.ToNumber(null)));
    }

    [Theory]
    [InlineData("192.0.2.77/24", "192.0.2.0/24")]
    [InlineData("192.0.2.7", "192.0.2.7/32")]
    [InlineData("2001:db8::7/64", "2001:db8::/64")]
    public void TryParse_ANetwork_ClearsWhatLiesBeyond(string text, string network)
    {
        Assert.True(NetworkPrefix.TryParse(text, out var prefix));
        Assert.Equal(network, prefix.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("192.0.2.0/")]
    [InlineData("2001:db8::/129")]
    public void TryParse_NoNetwork_SaysSo(string text) => Assert.False(NetworkPrefix.TryParse(text, out _));
}
