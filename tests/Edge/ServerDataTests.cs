using System.Text.RegularExpressions;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

/// <summary>What answers say of themselves: Server-Timing, and CMSD (CTA-5006) where it is on.</summary>
public partial class ServerDataTests
{
    [Theory]
    [InlineData("a0.mp4", "bytes=0-9")]
    [InlineData("master.m3u8", null)]
    [InlineData("poster.jpg", null)]
    public async Task ServerTiming_OfTheFirstAndTheSecondRequest_NamesOriginThenMemory(string file, string? range)
    {
        await using var edge = await EdgeHost.StartAsync();
        var fields = range is null ? [] : new[] { "Range", range };
        using var first = await edge.GetAsync(file, fields);
        Assert.Matches("^cache;desc=origin;dur=[0-9]+$", EdgeHost.Header(first, "Server-Timing"));
        using var second = await edge.GetAsync(file, fields);
        Assert.Equal("cache;desc=memory", EdgeHost.Header(second, "Server-Timing"));
    }

    [Fact]
    public async Task ServerTiming_OfAnAnswerWithoutBytes_IsNot()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var get = await edge.GetAsync("a0.mp4", "Range", "bytes=0-9");
        using var notModified = await edge.GetAsync("a0.mp4", "If-None-Match", EdgeHost.Header(get, "ETag")!);
        using var missing = await edge.GetAsync("a9.mp4");
        foreach (var response in new[] { notModified, missing }) Assert.Null(EdgeHost.Header(response, "Server-Timing"));
    }

    [Fact]
    public async Task Cmsd_WhereItIsOff_IsNot()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var response = await edge.GetAsync("a0.mp4", "Range", "bytes=0-9");
        Assert.Null(EdgeHost.Header(response, "CMSD-Static"));
        Assert.Null(EdgeHost.Header(response, "CMSD-Dynamic"));
    }

    [Theory]
    [InlineData("master.m3u8", "^ot=m,sf=h,st=v$")]
    [InlineData("manifest.mpd", "^ot=m,sf=d,st=v$")]
    [InlineData("v720.mp4", "^br=[1-9][0-9]*,ot=v,st=v$")]
    [InlineData("a0.mp4", "^br=[1-9][0-9]*,ot=a,st=v$")]
    [InlineData("segments/v720/1.m4s", "^br=[1-9][0-9]*,ot=v,st=v$")]
    [InlineData("poster.jpg", "^ot=o$")]
    public async Task Cmsd_WhereItIsOn_SaysWhatTheObjectIsAndHowTheWayIs(string file, string expected)
    {
        await using var edge = await EdgeHost.StartAsync(options => (options.Cmsd, options.CmsdName) = (true, "edge-1.test"));
        using var response = await edge.GetAsync(file, "Range", "bytes=0-9");
        Assert.Matches(expected, EdgeHost.Header(response, "CMSD-Static"));
        var dynamic = EdgeHost.Header(response, "CMSD-Dynamic")!;
        Assert.Matches(DynamicItem, dynamic);
        // Loopback has a round trip and a window from its handshake on.
        if (OperatingSystem.IsLinux()) Assert.Contains(";etp=", dynamic, StringComparison.Ordinal);
    }

    [GeneratedRegex("""^"edge-1\.test"(;etp=[1-9][0-9]*00)?(;rtt=[1-9][0-9]*)?(;rd=[1-9][0-9]*)?$""")]
    private static partial Regex DynamicItem { get; }
}
