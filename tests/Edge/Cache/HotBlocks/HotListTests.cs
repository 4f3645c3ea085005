using Movento.Contracts;
using Movento.Edge.Cache;
using Movento.Edge.Cache.HotBlocks;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests.Cache.HotBlocks;

public class HotListTests
{
    private static readonly AssetId First = AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b5");
    private static readonly AssetId Second = AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b6");

    [Fact]
    public void Of_BlocksOfSeveralFiles_KeepsTheHottestFirst_AndRunsTogether()
    {
        Block[] blocks =
        [
            Hot(StorageKey.Rendition(Second, 1, "v720"), 5), Hot(StorageKey.Rendition(First, 3, "a0"), 0), Hot(StorageKey.Rendition(Second, 1, "a0"), 2),
            Hot(StorageKey.Rendition(Second, 1, "v720"), 4), Hot(StorageKey.Rendition(Second, 1, "v720"), 0), Hot(StorageKey.TextSegments(First, 3, "s0"), 0),
        ];
        var list = HotList.Of(blocks, (asset, _) => asset == Second ? [SegmentAddressing.Segments] : []);
        Assert.Equal(6, list.BlockCount);
        Assert.Equal([Second, First], list.Versions.Select(version => version.Asset));
        Assert.Equal([1, 3], list.Versions.Select(version => version.Version));
        Assert.Equal([SegmentAddressing.Segments], list.Versions[0].Addressings.AsEnumerable());
        Assert.Equal([SegmentAddressing.ByteRanges], list.Versions[1].Addressings.AsEnumerable());
        Assert.Equal(["v720.mp4", "a0.mp4"], list.Versions[0].Files.Select(file => file.Name));
        Assert.Equal([new HotRun(0, 1), new HotRun(4, 2)], list.Versions[0].Files[0].Runs.AsEnumerable());
        Assert.Equal(["a0.mp4", "s0.segments.vtt"], list.Versions[1].Files.Select(file => file.Name));
    }

    [Fact]
    public void Of_WhatGrowsOrLiesInNoVersion_IsLeftOut()
    {
        Block[] blocks =
        [
            Hot(StorageKey.GrowingSegment(First, 1, "v180", 3), 0), Hot(StorageKey.Source(First), 0), Hot(StorageKey.Upload(First), 0), Hot("assets/nobody/v1/v720.mp4", 0),
            Hot("", 0),
        ];
        Assert.Empty(HotList.Of(blocks, (_, _) => []).Versions);
    }

    private static Block Hot(string key, int index) => new(new BlockKey(1, index), key, BlockCache.BlockSize, BlockReason.Asked, references: 1);
}
