using Movento.Contracts;
using Movento.Edge.Cache.HotBlocks;
using Movento.Harness;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests.Cache.HotBlocks;

public sealed class HotListFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private HotListFile NewFile => new(_folder.Combine("hot-list.json"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_NoFile_IsNothing()
    {
        Assert.Null(await NewFile.ReadAsync(default));
        Assert.Null(await new HotListFile(_folder.Combine("no folder", "hot-list.json")).ReadAsync(default));
    }

    [Fact]
    public async Task Write_ReplacesTheFile_ForItsOwnerAlone()
    {
        await NewFile.WriteAsync(Naming(1));
        await NewFile.WriteAsync(Naming(2));
        Assert.Equal(2, (await NewFile.ReadAsync(default))!.BlockCount);
        Assert.Equal([NewFile.Path], Directory.GetFiles(_folder.FullName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(NewFile.Path));
    }

    [Fact]
    public async Task Write_AfterOneThatWasKilled_ReplacesWhatItLeft()
    {
        await File.WriteAllTextAsync(NewFile.Path + ".new", "half of a li");
        await NewFile.WriteAsync(Naming(3));
        Assert.Equal(3, (await NewFile.ReadAsync(default))!.BlockCount);
    }

    [Fact]
    public async Task Read_HugeFile_IsRefusedUnread()
    {
        await using (var file = File.Create(NewFile.Path)) file.SetLength(HotListJson.MaxBytes + 1L);
        var refusal = await Assert.ThrowsAsync<HotListFormatException>(() => NewFile.ReadAsync(default));
        Assert.Contains("16777217 bytes", refusal.Message, StringComparison.Ordinal);
    }

    private static HotList Naming(int blocks) => new(
        [new HotVersion(AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b5"), 1, [SegmentAddressing.ByteRanges], [new HotFile("v720.mp4", [new HotRun(0, blocks)])])]);
}
