using Movento.Ingest.Probe;

namespace Movento.Ingest.Tests.Probe;

public sealed class PacketTallyTests
{
    [Fact]
    public void Packets_InDecodingOrder_AreSortedByTime()
    {
        var table = Read("1020,512,K_", "3068,512,__", "2044,512,__");
        Assert.Equal([1020, 2044, 3068], table.Times);
        Assert.Equal([1020], table.Keyframes);
        Assert.Equal((3, 3580, true), (table.Count, table.End, table.IsPlain));
    }

    [Theory]
    [InlineData("N/A,512,__")]
    [InlineData("1020,512,__")]
    [InlineData("2044,512,_D")]
    [InlineData("2044,512,__C")]
    [InlineData("99999999999999999999,1,__")]
    [InlineData("")]
    public void Packets_OneWithoutATimeOfItsOwnOrMarked_AreNotPlain(string line)
    {
        var table = Read("1020,512,K_", line);
        Assert.Equal((2, false), (table.Count, table.IsPlain));
    }

    [Fact]
    public void Packets_WithoutDurationOrWithOneOutOfRange_EndWhereTheyBegin()
    {
        Assert.Equal(7, Read("7,N/A,K_").End);
        Assert.Equal(long.MaxValue - 1, Read($"{long.MaxValue - 1},5,K_").End);
    }

    [Fact]
    public void Packets_MoreThanAreKept_AreCountedAndNotPlain()
    {
        var tally = new PacketTally(maxPackets: 2);
        foreach (var time in Enumerable.Range(0, 5)) tally.Take($"{time},1,K_");
        var table = tally.ToTable();
        Assert.Equal((5, 2, 2, false), (table.Count, table.Times.Length, table.Keyframes.Length, table.IsPlain));
    }

    private static PacketTable Read(params string[] lines)
    {
        var tally = new PacketTally();
        foreach (var line in lines) tally.Take(line);
        return tally.ToTable();
    }
}
