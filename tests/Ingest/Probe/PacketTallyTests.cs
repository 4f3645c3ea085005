using Movento.Ingest.Probe;

namespace Movento.Ingest.Tests.Probe;

public sealed class PacketTallyTests
{
    [Fact]
    public void Packets_InDecodingOrder_AreSortedByTime()
    {
        var table = Read("1020,512,900,K_", "3068,512,20,__", "2044,512,10,__");
        Assert.Equal([1020, 2044, 3068], table.Times);
        Assert.Equal([900, 10, 20], table.Sizes);
        Assert.Equal([1020], table.Keyframes);
        Assert.Equal((3, 3580, true), (table.Count, table.End, table.IsPlain));
    }

    [Theory]
    [InlineData("N/A,512,5,__")]
    [InlineData("1020,512,5,__")]
    [InlineData("2044,512,5,_D")]
    [InlineData("2044,512,5,__C")]
    [InlineData("99999999999999999999,1,5,__")]
    [InlineData("")]
    public void Packets_OneWithoutATimeOfItsOwnOrMarked_AreNotPlain(string line)
    {
        var table = Read("1020,512,5,K_", line);
        Assert.Equal((2, false), (table.Count, table.IsPlain));
    }

    [Theory]
    [InlineData(false, "0,1,5,K_", "3,1,5,__", "2,1,5,__", "4,1,5,K_")]
    // An open group of pictures: one that is shown before the key frame comes after it.
    [InlineData(true, "0,1,5,K_", "1,1,5,__", "4,1,5,K_", "3,1,5,__")]
    public void Packets_ShownBeforeTheKeyframeThatTheyFollow_AreSeen(bool expected, params string[] lines) =>
        Assert.Equal(expected, Read(lines).HasLeadingPictures);

    [Fact]
    public void Packets_WithoutDurationOrWithOneOutOfRange_EndWhereTheyBegin()
    {
        Assert.Equal(7, Read("7,N/A,5,K_").End);
        Assert.Equal(long.MaxValue - 1, Read($"{long.MaxValue - 1},5,5,K_").End);
    }

    [Fact]
    public void Packets_MoreThanAreKept_AreCountedAndNotPlain()
    {
        var tally = new PacketTally(maxPackets: 2);
        foreach (var time in Enumerable.Range(0, 5)) tally.Take($"{time},1,5,K_");
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
