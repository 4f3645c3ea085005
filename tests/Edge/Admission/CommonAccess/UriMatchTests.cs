using Movento.Edge.Admission;
using Movento.Edge.Admission.CommonAccess;

namespace Movento.Edge.Tests.Admission.CommonAccess;

public class UriMatchTests
{
    private const string Path = "/assets/0192f0c1a2b37c4d8e5f60718293a4b5/v1/segments/v720.iframes.m3u8";

    [Theory]
    [InlineData(0, "http")]
    [InlineData(1, "edge.example")]
    [InlineData(2, "8081")]
    [InlineData(3, Path)]
    [InlineData(5, "/assets/0192f0c1a2b37c4d8e5f60718293a4b5/v1/segments")]
    [InlineData(6, "v720.iframes.m3u8")]
    [InlineData(7, "v720")]
    [InlineData(8, ".iframes.m3u8")]
    public void Holds_OfEveryComponent_ComparesThatComponent(int component, string value)
    {
        Assert.True(Holds("edge.example:8081", component, UriMatchKind.Exact, value));
        Assert.True(Holds("edge.example:8081", component, UriMatchKind.Prefix, value[..2]));
        Assert.True(Holds("edge.example:8081", component, UriMatchKind.Suffix, value[^2..]));
        Assert.True(Holds("edge.example:8081", component, UriMatchKind.Contains, value[1..^1]));
        Assert.False(Holds("edge.example:8081", component, UriMatchKind.Exact, value + "x"));
        Assert.False(Holds("edge.example:8081", component, UriMatchKind.Exact, value[1..]));
        Assert.False(Holds("edge.example:8081", component, UriMatchKind.Contains, "?"));
        Assert.False(Holds("edge.example:8081", component, UriMatchKind.Sha256, value));
    }

    [Theory]
    [InlineData("edge.example", "edge.example", "")]
    [InlineData("[2001:db8::1]:8081", "[2001:db8::1]", "8081")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]", "")]
    [InlineData("", "", "")]
    public void Holds_OfAHost_PartsThePort(string host, string name, string port)
    {
        Assert.True(Holds(host, (int)UriComponent.Host, UriMatchKind.Exact, name));
        Assert.True(Holds(host, (int)UriComponent.Port, UriMatchKind.Exact, port));
    }

    private static bool Holds(string host, int component, UriMatchKind kind, string value)
    {
        Assert.True(EdgeUrl.TryParse("/2D3R-token" + Path, out var url));
        return new UriMatch((UriComponent)component, kind, value).Holds(url, new Visitor { Scheme = "http", Host = host });
    }
}
