using Movento.Edge.Connections;

namespace Movento.Edge.Tests.Connections;

public class PinnedBlockPoolTests
{
    [Fact]
    public void Rent_AfterAReturn_GivesTheSameBlockAgain()
    {
        using var pool = new PinnedBlockPool(TimeProvider.System);
        var block = pool.Rent();
        Assert.Equal(PinnedBlockPool.BlockSize, block.Memory.Length);
        block.Dispose();
        Assert.Same(block, pool.Rent());
        Assert.Equal(1, pool.Blocks);
    }

    [Fact]
    public void Rent_MoreThanABlock_Throws()
    {
        using var pool = new PinnedBlockPool(TimeProvider.System);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(PinnedBlockPool.BlockSize + 1));
    }

    [Fact]
    public void Trim_WhatNobodyNeeds_IsGivenBackByHalves()
    {
        using var pool = new PinnedBlockPool(TimeProvider.System);
        foreach (var block in Enumerable.Range(0, 16).Select(_ => pool.Rent()).ToArray()) block.Dispose();
        pool.Trim();
        Assert.Equal(16, pool.Blocks);
        foreach (var expected in new[] { 8, 4, 2, 1, 0, 0 })
        {
            pool.Trim();
            Assert.Equal(expected, pool.Blocks);
        }
    }

    [Fact]
    public void Return_ToADisposedPool_IsDropped()
    {
        var pool = new PinnedBlockPool(TimeProvider.System);
        var block = pool.Rent();
        pool.Dispose();
        block.Dispose();
        Assert.Equal(0, pool.Blocks);
        Assert.Throws<ObjectDisposedException>(() => pool.Rent());
    }
}
