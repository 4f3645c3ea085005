using Movento.Ingest.Probe;

namespace Movento.Ingest.Tests.Probe;

public sealed class PacketTallyTests
{
    [Fact]
    public void Packets_InDecodingOrder_AreSortedByTime()
    {
        var table = Read("0,1020,512,900,K_", "0,3068,512,20,__", "0,2044,512,10,__");
        Assert.Equal([1020, 2044, 3068], table.Times);
        Assert.Equal([900, 10, 20], table.Sizes);
        Assert.Equal([1020], table.Keyframes);
        Assert.Equal((3, 3580, true), (table.Count, table.End, table.IsPlain));
    }

    [Theory]
    [InlineData("0,N/A,512,5,__")]
    [InlineData("0,1020,512,5,__")]
    [InlineData("0,2044,512,5,_D")]
    [InlineData("0,2044,512,5,__C")]
    [InlineData("0,99999999999999999999,1,5,__")]
    public void Packets_OneWithoutATimeOfItsOwnOrMarked_AreNotPlain(string line)
    {
        var table = Read("0,1020,512,5,K_", line);
        Assert.Equal((2, false), (table.Count, table.IsPlain));
    }

    [Theory]
    [InlineData(false, "0,0,1,5,K_", "0,3,1,5,__", "0,2,1,5,__", "0,4,1,5,K_")]
    // An open group of pictures: one that is shown before the key frame comes after it.
    [InlineData(true, "0,0,1,5,K_", "0,1,1,5,__", "0,4,1,5,K_", "0,3,1,5,__")]
    public void Packets_ShownBeforeTheKeyframeThatTheyFollow_AreSeen(bool expected, params string[] lines) =>
        Assert.Equal(expected, Read(lines).HasLeadingPictures);

    [Fact]
    public void Packets_WithoutDurationOrWithOneOutOfRange_EndWhereTheyBegin()
    {
        Assert.Equal(7, Read("0,7,N/A,5,K_").End);
        Assert.Equal(long.MaxValue - 1, Read($"0,{long.MaxValue - 1},5,5,K_").End);
    }

    [Fact]
    public void Packets_MoreThanAreKept_AreCountedAndNotPlain()
    {
        var tally = new PacketTally(stream: 0, maxPackets: 2);
        foreach (var time in Enumerable.Range(0, 5)) tally.Take($"0,{time},1,5,K_");
        var table = tally.ToTable();
        Assert.Equal((5, 2, 2, false), (table.Count, table.Times.Length, table.Keyframes.Length, table.IsPlain));
    }

    [Fact]
    public void Packets_OfOtherTracks_AreNotCounted()
    {
        var table = Read("1,0,1,5,K_", "0,5,1,5,K_", "1,1,1,5,K_", "0,1/12288", "1,1/48000");
        Assert.Equal([5], table.Times);
        Assert.Equal((1, new Ratio(1, 12288)), (table.Count, table.TimeBase));
    }

    [Fact]
    public void Packets_WithAHole_TellHowLongItIs()
    {
        Assert.Equal(90, Read("0,0,10,5,K_", "0,100,10,5,__", "0,10,10,5,__").LargestGap);
        Assert.Equal(500, Read("0,0,10,5,K_", "0,10,500,5,__").LargestGap);
        Assert.Equal(long.MaxValue, Read($"0,{long.MinValue},10,5,K_", $"0,{long.MaxValue},10,5,__").LargestGap);
    }

    private static PacketTable Read(params string[] lines)
    {
        var tally = new PacketTally(stream: 0);
        foreach (var line in lines) tally.Take(line);
        return tally.ToTable();
    }
}
