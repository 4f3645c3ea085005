using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Tests.IsoBmff;

public sealed class BoxReaderTests
{
    [Fact]
    public void Error_InsideNestedBoxes_NamesThePathAndTheOffset()
    {
        using var writer = new BoxWriter();
        var moov = writer.Begin(BoxType.Moov);
        writer.End(writer.Begin(BoxType.Trak));
        var trak = writer.Begin(BoxType.Trak);
        var mdia = writer.Begin(BoxType.Mdia);
        writer.WriteUInt32(100); // a child that is longer than its parent
        writer.WriteUInt32(BoxType.Mdhd);
        writer.End(mdia);
        writer.End(trak);
        writer.End(moov);

        var error = Assert.Throws<MediaFormatException>(() =>
        {
            var file = new BoxReader(writer.Written.Span, offset: 1000);
            file.TryReadBox(out var movie);
            movie.TryReadBox(out _);
            movie.TryReadBox(out var second, index: 1);
            second.Find(BoxType.Mdia).Find(BoxType.Mdhd);
        });
        Assert.Equal(MediaFormatError.Truncated, error.Error);
        Assert.Equal("moov/trak[1]/mdia/mdhd", error.Path);
        Assert.Equal(1000 + 8 + 8 + 8 + 8, error.Offset);
    }

    [Fact]
    public void Count_AboveWhatTheBoxHolds_IsTruncatedBeforeAnythingIsAllocated()
    {
        byte[] bytes = [0, 0, 0, 20, .. "stsz"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<MediaFormatException>(() =>
        {
            var file = new BoxReader(bytes);
            file.TryReadBox(out var box);
            _ = Stsz.Read(ref box);
        });
        Assert.Equal(MediaFormatError.Truncated, error.Error);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 10);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 7, 1, 2, 3, 4 }, MediaFormatError.Invalid)]
    [InlineData(new byte[] { 0, 0, 0, 9, 1, 2, 3, 4 }, MediaFormatError.Truncated)]
    [InlineData(new byte[] { 0, 0, 0, 1, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 15 }, MediaFormatError.Invalid)]
    [InlineData(new byte[] { 0, 0, 0, 1, 1, 2, 3, 4, 0xff, 0, 0, 0, 0, 0, 0, 0 }, MediaFormatError.Truncated)]
    [InlineData(new byte[] { 0, 0, 0, 8, 1 }, MediaFormatError.Truncated)]
    public void Box_OfAWrongSize_IsRefused(byte[] bytes, MediaFormatError expected) =>
        Assert.Equal(expected, Assert.Throws<MediaFormatException>(() => new BoxReader(bytes).TryReadBox(out _)).Error);

    [Fact]
    public void Box_OfSizeZero_ReachesToTheEnd()
    {
        var file = new BoxReader([0, 0, 0, 0, .. "mdat"u8, 1, 2, 3]);
        Assert.True(file.TryReadBox(out var box));
        Assert.Equal(3, box.Remaining);
    }

    [Fact]
    public void Box_WithA64BitSize_IsRead()
    {
        var file = new BoxReader([0, 0, 0, 1, .. "mdat"u8, 0, 0, 0, 0, 0, 0, 0, 18, 1, 2]);
        Assert.True(file.TryReadBox(out var box));
        Assert.Equal(2, box.Remaining);
        Assert.Equal(16, box.Offset);
    }
}
