using System.Runtime.InteropServices;
using Movento.Edge.Cache;

namespace Movento.Edge.Tests.Cache;

public class PinnedSlabsTests
{
    private const int BlockSize = 64 << 10;

    [Theory]
    [InlineData(0)]
    [InlineData(BlockSize)]
    [InlineData(5 * BlockSize)]
    [InlineData(100 * BlockSize + 17)]
    public void TryTake_UntilThereIsNoMore_StaysWithinTheBudget(long budget)
    {
        var slabs = new PinnedSlabs(budget, BlockSize);
        var taken = 0;
        while (slabs.TryTake(out _)) taken++;
        Assert.True(slabs.Bytes <= budget, $"{slabs.Bytes} of {budget}");
        // What pages are aligned with costs a block of each slab at most.
        Assert.InRange(taken, Math.Max(0, budget / BlockSize - 4), budget / BlockSize);
    }

    [Fact]
    public void Blocks_AreApartAndBeginAtPages()
    {
        var slabs = new PinnedSlabs(40 * BlockSize, BlockSize);
        var blocks = new List<Memory<byte>>();
        while (slabs.TryTake(out var block)) blocks.Add(block);
        for (var number = 0; number < blocks.Count; number++) blocks[number].Span.Fill((byte)number);
        for (var number = 0; number < blocks.Count; number++)
        {
            Assert.Equal(BlockSize, blocks[number].Length);
            Assert.False(blocks[number].Span.ContainsAnyExcept((byte)number));
            Assert.True(MemoryMarshal.TryGetArray<byte>(blocks[number], out var segment));
            Assert.Equal(0, Marshal.UnsafeAddrOfPinnedArrayElement(segment.Array!, segment.Offset) % 4096);
        }
    }

    [Fact]
    public void Return_MakesRoomAgain()
    {
        var slabs = new PinnedSlabs(2 * BlockSize, BlockSize);
        Assert.True(slabs.TryTake(out var block));
        Assert.False(slabs.TryTake(out _));
        slabs.Return(block);
        Assert.True(slabs.TryTake(out _));
    }
}
