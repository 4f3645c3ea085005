using System.Text;
using Movento.Contracts;
using Movento.Edge.Cache.HotBlocks;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests.Cache.HotBlocks;

public class HotListJsonTests
{
    private const string Asset = "0192f0c1a2b37c4d8e5f60718293a4b5";

    private static readonly HotList List = new(
    [
        new HotVersion(
            AssetId.Parse(Asset), 2, [SegmentAddressing.Segments, SegmentAddressing.ByteRanges],
            [new HotFile("v720.mp4", [new HotRun(0, 3), new HotRun(7, 1)]), new HotFile("a0.mp4", [new HotRun(2, 1)])]),
        new HotVersion(AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b6"), 1, [SegmentAddressing.Segments], [new HotFile("v1080.mp4", [new HotRun(0, 1)])]),
    ]);

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var read = HotListJson.Read(HotListJson.Write(List));
        Assert.Equal(HotListJson.Write(List), HotListJson.Write(read));
        Assert.Equal(5, read.Versions[0].Files.Sum(file => file.Runs.Sum(run => run.Count)));
        Assert.Equal(List.Versions[0].Addressings.AsEnumerable(), read.Versions[0].Addressings);
        Assert.Equal(List.Versions[1].Addressings.AsEnumerable(), read.Versions[1].Addressings);
    }

    [Theory]
    [InlineData("", "it is damaged")]
    [InlineData("\0\0\0\0", "it is damaged")]
    [InlineData("null", "it is something else")]
    [InlineData("{}", "it is something else")]
    [InlineData("""{"format":"movento-hot-list","version":9,"blockSize":262144,"versions":[]}""", "it is of format 9")]
    [InlineData("""{"format":"movento-hot-list","version":1,"blockSize":4096,"versions":[]}""", "its blocks are of 4096 bytes")]
    [InlineData("""{"format":"movento-hot-list","version":1,"blockSize":262144}""", "too many versions, or none")]
    [InlineData("""{"format":"movento-hot-list","version":1,"blockSize":262144,"versions":[null]}""", "'' is no asset")]
    [InlineData("""{"format":"movento-hot-list","version":1,"blockSize":262144,"versions":[{"asset":"../../etc/passwd\n","version":1}]}""", "'../../etc/passwd?' is no asset")]
    public void Read_SomethingElse_SaysWhat(string text, string reason) => AssertRefused(text, reason);

    [Theory]
    [InlineData("""{"asset":"0192f0c1a2b37c4d8e5f60718293a4b5","version":0,"files":[]}""", "has no version 0")]
    [InlineData("""{"asset":"0192f0c1a2b37c4d8e5f60718293a4b5","version":1}""", "has too many files, or none")]
    [InlineData("""{"asset":"0192f0c1a2b37c4d8e5f60718293a4b5","version":1,"files":[{"runs":[0,1]}]}""", "a file has no name")]
    [InlineData("""{"asset":"0192f0c1a2b37c4d8e5f60718293a4b5","version":1,"files":[{"name":"v720.mp4"}]}""", "are no pairs")]
    [InlineData("""{"asset":"0192f0c1a2b37c4d8e5f60718293a4b5","version":1,"files":[{"name":"v720.mp4","runs":[1]}]}""", "are no pairs")]
    [InlineData("""{"asset":"0192f0c1a2b37c4d8e5f60718293a4b5","version":1,"files":[{"name":"v720.mp4","runs":[-1,1]}]}""", "has no 1 blocks from -1 on")]
    [InlineData("""{"asset":"0192f0c1a2b37c4d8e5f60718293a4b5","version":1,"files":[{"name":"v720.mp4","runs":[0,0]}]}""", "has no 0 blocks from 0 on")]
    [InlineData("""{"asset":"0192f0c1a2b37c4d8e5f60718293a4b5","version":1,"files":[{"name":"v720.mp4","runs":[2147483647,1]}]}""", "has no 1 blocks")]
    public void Read_ImpossibleVersion_SaysWhat(string version, string reason) =>
        AssertRefused($$"""{"format":"movento-hot-list","version":1,"blockSize":262144,"versions":[{{version}}]}""", reason);

    [Fact]
    public void Read_CutAnywhere_IsRefused()
    {
        var whole = HotListJson.Write(List);
        for (var length = 0; length < whole.Length; length++) Assert.Throws<HotListFormatException>(() => HotListJson.Read(whole.AsSpan(0, length)));
    }

    private static void AssertRefused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<HotListFormatException>(() => HotListJson.Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);
}
