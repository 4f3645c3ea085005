using System.Runtime.InteropServices;
using Movento.Edge.Cache;

namespace Movento.Edge.Tests.Cache;

public class MemorySlabsTests
{
    private const int BlockSize = 64 << 10;

    [Theory]
    [InlineData(0)]
    [InlineData(BlockSize)]
    [InlineData(5 * BlockSize)]
    [InlineData(100 * BlockSize + 17)]
    public void TryTake_UntilThereIsNoMore_StaysWithinTheBudget(long budget)
    {
        var slabs = new MemorySlabs(budget, BlockSize);
        var taken = 0;
        while (slabs.TryTake(out _)) taken++;
        Assert.True(slabs.Bytes <= budget, $"{slabs.Bytes} of {budget}");
        Assert.Equal(budget / BlockSize, taken);
    }

    [Fact]
    public void Blocks_AreApartAndBeginAtPages()
    {
        var slabs = new MemorySlabs(40 * BlockSize, BlockSize);
        var blocks = new List<Memory<byte>>();
        while (slabs.TryTake(out var block)) blocks.Add(block);
        for (var number = 0; number < blocks.Count; number++) blocks[number].Span.Fill((byte)number);
        for (var number = 0; number < blocks.Count; number++)
        {
            Assert.Equal(BlockSize, blocks[number].Length);
            Assert.False(blocks[number].Span.ContainsAnyExcept((byte)number));
            Assert.True(MemoryMarshal.TryGetMemoryManager<byte, CacheMemory>(blocks[number], out _, out var start, out _));
            Assert.Equal(0, start % Environment.SystemPageSize);
        }
    }

    [Fact]
    public void Return_MakesRoomAgain()
    {
        var slabs = new MemorySlabs(2 * BlockSize - 1, BlockSize);
        Assert.True(slabs.TryTake(out var block));
        Assert.False(slabs.TryTake(out _));
        slabs.Return(block);
        Assert.True(slabs.TryTake(out _));
    }
}
