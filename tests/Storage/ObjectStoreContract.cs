using System.Security.Cryptography;
using System.Text;

namespace Movento.Storage.Tests;

/// <summary>What every store promises (<see cref="IObjectStore"/>). Each test keeps to keys of its own, so one store serves all.</summary>
public abstract class ObjectStoreContract : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("movento-storage-").FullName;

    protected abstract IObjectStore Store { get; }

    /// <summary>A folder of this test's own, in the file system that the stores of files use too.</summary>
    protected string TemporaryFolder => _folder;

    protected static CancellationToken None => CancellationToken.None;

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Put_NewKey_IsReadBackWhole()
    {
        var key = NewKey();
        var bytes = RandomNumberGenerator.GetBytes(300_001);

        var put = await Store.PutAsync(key, new MemoryStream(bytes), "video/mp4", None);

        Assert.Equal(key, put.Key);
        Assert.Equal(bytes.Length, put.Length);
        Assert.Equal(put, await Store.HeadAsync(key, None));
        Assert.Equal(bytes, await ReadAllAsync(key));
    }

    [Fact]
    public async Task Put_EmptyContent_IsAnObjectOfNoBytes()
    {
        var key = NewKey();

        var put = await Store.PutAsync(key, Stream.Null, "video/mp4", None);

        Assert.Equal(0, put.Length);
        Assert.Equal(put, await Store.HeadAsync(key, None));
        Assert.Empty(await ReadAllAsync(key));
    }

    [Fact]
    public async Task Put_StreamOfUnknownLength_IsReadBackWhole()
    {
        var key = NewKey();
        var bytes = RandomNumberGenerator.GetBytes(1_500_000);

        var put = await Store.PutAsync(key, new ForwardOnlyStream(bytes, chunk: 7_919), "video/mp4", None);

        Assert.Equal(bytes.Length, put.Length);
        Assert.Equal(bytes, await ReadAllAsync(key));
    }

    [Fact]
    public async Task Put_StreamPartlyRead_StoresTheRest()
    {
        var key = NewKey();
        var content = new MemoryStream(Encoding.ASCII.GetBytes("head:body")) { Position = 5 };

        var put = await Store.PutAsync(key, content, "text/plain", None);

        Assert.Equal(4, put.Length);
        Assert.Equal("body", Encoding.ASCII.GetString(await ReadAllAsync(key)));
    }

    [Fact]
    public async Task Put_PresentKey_ReplacesBytesAndETag()
    {
        var key = NewKey();
        var old = await Store.PutAsync(key, Bytes("old!"), "text/plain", None);
        Assert.Equal("old!", await ReadTextAsync(key));

        var now = await Store.PutAsync(key, Bytes("new!"), "text/plain", None);

        Assert.NotEqual(old.ETag, now.ETag);
        Assert.Equal(now, await Store.HeadAsync(key, None));
        Assert.Equal("new!", await ReadTextAsync(key));
    }

    [Fact]
    public async Task Put_SourceFailsMidway_LeavesThePresentObjectAndThrowsTheSourcesError()
    {
        var key = NewKey();
        await Store.PutAsync(key, Bytes("present"), "text/plain", None);

        await Assert.ThrowsAsync<EndOfStreamException>(() =>
            Store.PutAsync(key, new FailingStream(after: 400_000), "video/mp4", None));

        Assert.Equal("present", await ReadTextAsync(key));
    }

    [Fact]
    public async Task Put_SourceFailsMidway_LeavesNoObject()
    {
        var key = NewKey();

        await Assert.ThrowsAsync<EndOfStreamException>(() =>
            Store.PutAsync(key, new FailingStream(after: 400_000), "video/mp4", None));

        Assert.Null(await Store.HeadAsync(key, None));
        Assert.Empty(await ListAsync(key));
    }

    [Fact]
    public async Task Put_Cancelled_LeavesNoObject()
    {
        var key = NewKey();
        using var cancelled = new CancellationTokenSource();
        var content = new FailingStream(after: 400_000, () => cancelled.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(key, content, "video/mp4", cancelled.Token));

        Assert.Null(await Store.HeadAsync(key, None));
    }

    [Fact]
    public async Task PutReadAndDelete_ManyAtOnce_KeepToTheirOwnKeys()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            for (var round = 0; round < 5; round++)
            {
                var key = NewKey();
                var bytes = Enumerable.Repeat((byte)worker, 100_000 + round).ToArray();
                await Store.PutAsync(key, new MemoryStream(bytes), "video/mp4", None);
                Assert.Equal(bytes, await ReadAllAsync(key));
                await Store.DeleteAsync(key, None);
                Assert.Null(await Store.HeadAsync(key, None));
            }
        })));
    }

    [Fact]
    public async Task PutFile_File_IsReadBackWhole()
    {
        var key = NewKey();
        var bytes = RandomNumberGenerator.GetBytes(200_000);
        var path = Path.Combine(TemporaryFolder, "source");
        await File.WriteAllBytesAsync(path, bytes);

        var put = await Store.PutFileAsync(key, path, "video/mp4", None);
        File.Delete(path);

        Assert.Equal(bytes.Length, put.Length);
        Assert.Equal(put, await Store.HeadAsync(key, None));
        Assert.Equal(bytes, await ReadAllAsync(key));
    }

    [Fact]
    public async Task PutFile_NoSuchFile_IsTheCallersError()
    {
        await Assert.ThrowsAsync<FileNotFoundException>(() =>
            Store.PutFileAsync(NewKey(), Path.Combine(TemporaryFolder, "absent"), "video/mp4", None));
    }

    [Fact]
    public async Task PutFile_SameFileUnderTwoKeys_BothStandAlone()
    {
        var (first, second) = (NewKey(), NewKey());
        var path = Path.Combine(TemporaryFolder, "source");
        await File.WriteAllTextAsync(path, "twice");

        var one = await Store.PutFileAsync(first, path, "text/plain", None);
        await Store.PutFileAsync(second, path, "text/plain", None);
        await Store.DeleteAsync(second, None);

        Assert.Equal(one, await Store.HeadAsync(first, None));
        Assert.Equal("twice", await ReadTextAsync(first));
    }

    [Fact]
    public async Task PutFile_OverItsOwnCopy_Stands()
    {
        var key = NewKey();
        var path = Path.Combine(TemporaryFolder, "source");
        await File.WriteAllTextAsync(path, "again");

        await Store.PutFileAsync(key, path, "text/plain", None);
        var again = await Store.PutFileAsync(key, path, "text/plain", None);

        Assert.Equal(again, await Store.HeadAsync(key, None));
        Assert.Equal("again", await ReadTextAsync(key));
        Assert.Equal([key], await ListAsync(key));
    }

    [Theory]
    [InlineData(0, 10, "0123456789")]
    [InlineData(0, 1, "0")]
    [InlineData(9, 1, "9")]
    [InlineData(9, 5, "9")]
    [InlineData(4, 100, "456789")]
    [InlineData(10, 1, "")]
    [InlineData(11, 5, "")]
    [InlineData(long.MaxValue - 5, 5, "")]
    [InlineData(3, 0, "")]
    public async Task Read_AnyRange_GivesWhatThereIsOfIt(long offset, int length, string expected)
    {
        var key = NewKey();
        await Store.PutAsync(key, Bytes("0123456789"), "text/plain", None);
        var destination = new byte[length];

        var read = await Store.ReadAsync(key, offset, destination, None);

        Assert.Equal(expected, Encoding.ASCII.GetString(destination, 0, read));
        if (length == 0) return;

        await using var stream = await Store.OpenRangeAsync(key, offset, length, None);
        Assert.Equal(expected, await new StreamReader(stream!).ReadToEndAsync());
    }

    [Fact]
    public async Task OpenRange_OfALargeObject_GivesExactlyTheRange()
    {
        var key = NewKey();
        var bytes = RandomNumberGenerator.GetBytes(2 << 20);
        await Store.PutAsync(key, new MemoryStream(bytes), "video/mp4", None);

        using var copy = new MemoryStream();
        await using (var range = await Store.OpenRangeAsync(key, 300_001, 1_500_000, None))
            await range!.CopyToAsync(copy);

        Assert.Equal(bytes[300_001..1_800_001], copy.ToArray());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    public async Task OpenRange_OfNoBytes_IsRefused(long offset, long length)
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.OpenRangeAsync(NewKey(), offset, length, None));
    }

    [Fact]
    public async Task Read_NegativeOffset_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.ReadAsync(NewKey(), -1, new byte[1], None));
    }

    [Fact]
    public async Task AbsentKey_EveryCall_SaysSoWithoutAnError()
    {
        var key = NewKey();
        var path = Path.Combine(TemporaryFolder, "copy");

        Assert.Null(await Store.HeadAsync(key, None));
        Assert.Equal(-1, await Store.ReadAsync(key, 0, new byte[10], None));
        Assert.Equal(-1, await Store.ReadAsync(key, 0, Memory<byte>.Empty, None));
        Assert.Null(await Store.OpenAsync(key, None));
        Assert.Null(await Store.OpenRangeAsync(key, 0, 10, None));
        Assert.False(await Store.CopyToFileAsync(key, path, None));
        Assert.False(File.Exists(path));
        await Store.DeleteAsync(key, None);
        Assert.Empty(await ListAsync(key));
    }

    [Fact]
    public async Task FolderOfAKey_EveryCall_IsNoObject()
    {
        var folder = NewKey();
        await Store.PutAsync(folder + "/object", Bytes("x"), "text/plain", None);

        Assert.Null(await Store.HeadAsync(folder, None));
        Assert.Equal(-1, await Store.ReadAsync(folder, 0, new byte[10], None));
        Assert.Null(await Store.OpenAsync(folder, None));
        await Store.DeleteAsync(folder, None);
        Assert.Equal("x", await ReadTextAsync(folder + "/object"));
        Assert.Null(await Store.HeadAsync(folder + "/object/below", None));
        Assert.Equal(-1, await Store.ReadAsync(folder + "/object/below", 0, new byte[10], None));
    }

    [Fact]
    public async Task CopyToFile_PresentKey_MakesAFileThatOutlivesTheObject()
    {
        var key = NewKey();
        var bytes = RandomNumberGenerator.GetBytes(200_000);
        await Store.PutAsync(key, new MemoryStream(bytes), "video/mp4", None);
        var path = Path.Combine(TemporaryFolder, "copy");

        Assert.True(await Store.CopyToFileAsync(key, path, None));
        await Store.DeleteAsync(key, None);

        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task CopyToFile_FileIsThere_IsTheCallersErrorAndLeavesIt()
    {
        var key = NewKey();
        await Store.PutAsync(key, Bytes("object"), "text/plain", None);
        var path = Path.Combine(TemporaryFolder, "copy");
        await File.WriteAllTextAsync(path, "mine");

        await Assert.ThrowsAsync<IOException>(() => Store.CopyToFileAsync(key, path, None));

        Assert.Equal("mine", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task Copy_PresentKey_StandsAlone()
    {
        var (from, to) = (NewKey(), NewKey());
        var bytes = RandomNumberGenerator.GetBytes(70_001);
        await Store.PutAsync(from, new MemoryStream(bytes), "text/vtt", None);

        var copy = await Store.CopyAsync(from, to, None);

        Assert.Equal((to, bytes.Length), (copy!.Key, copy.Length));
        Assert.Equal(copy, await Store.HeadAsync(to, None));
        // Neither what is put in the first one's place nor its end changes the second.
        await Store.PutAsync(from, new MemoryStream([1, 2, 3]), "text/vtt", None);
        Assert.Equal(bytes, await ReadAllAsync(to));
        await Store.DeleteAsync(from, None);
        Assert.Equal(bytes, await ReadAllAsync(to));
    }

    [Fact]
    public async Task Copy_OverAPresentKey_ReplacesIt()
    {
        var (from, to) = (NewKey(), NewKey());
        await Store.PutAsync(from, new MemoryStream([1, 2, 3]), "text/vtt", None);
        await Store.PutAsync(to, new MemoryStream([4, 5]), "text/vtt", None);

        await Store.CopyAsync(from, to, None);

        Assert.Equal([1, 2, 3], await ReadAllAsync(to));
    }

    [Fact]
    public async Task Copy_AbsentKey_IsNoneAndMakesNone()
    {
        var to = NewKey();
        Assert.Null(await Store.CopyAsync(NewKey(), to, None));
        Assert.Null(await Store.HeadAsync(to, None));
    }

    [Fact]
    public async Task Delete_PresentKey_IsGoneAtOnce()
    {
        var key = NewKey();
        await Store.PutAsync(key, Bytes("soon gone"), "text/plain", None);
        Assert.Equal("soon gone", await ReadTextAsync(key));
        Assert.Equal(1, await Store.ReadAsync(key, 0, new byte[1], None));

        await Store.DeleteAsync(key, None);

        Assert.Null(await Store.HeadAsync(key, None));
        Assert.Equal(-1, await Store.ReadAsync(key, 0, new byte[1], None));
        Assert.Empty(await ListAsync(key));
    }

    [Fact]
    public async Task Open_DeletedWhileOpen_IsReadToItsEnd()
    {
        var key = NewKey();
        await Store.PutAsync(key, Bytes("still here"), "text/plain", None);
        await using var open = await Store.OpenAsync(key, None);

        await Store.DeleteAsync(key, None);

        Assert.Equal("still here", await new StreamReader(open!).ReadToEndAsync());
    }

    [Fact]
    public async Task List_Objects_AreInOrdinalOrder()
    {
        var root = NewKey();
        string[] keys = ["b", "a0", "c/b/z", "c/b/a", "a9", "c/a", "a10", "d-1", "d-", "0"];
        foreach (var key in keys)
            await Store.PutAsync($"{root}/{key}", Bytes(key), "text/plain", None);

        var listed = await ListAsync(root + "/");

        Assert.Equal(keys.Select(key => $"{root}/{key}").Order(StringComparer.Ordinal), listed);
    }

    [Theory]
    [InlineData("v1/", "v1/a.mp4", "v1/b.mp4")]
    [InlineData("v1", "v1/a.mp4", "v1/b.mp4", "v10/a.mp4", "v1x")]
    [InlineData("v1/a", "v1/a.mp4")]
    [InlineData("v1/a.mp4", "v1/a.mp4")]
    [InlineData("v1/a.mp4/")]
    [InlineData("v2/")]
    [InlineData("w/")]
    public async Task List_Prefix_GivesWhatBeginsWithIt(string prefix, params string[] expected)
    {
        var root = NewKey();
        foreach (var key in new[] { "v1/a.mp4", "v1/b.mp4", "v10/a.mp4", "v1x", "u" })
            await Store.PutAsync($"{root}/{key}", Bytes(key), "text/plain", None);

        var listed = await ListAsync($"{root}/{prefix}");

        Assert.Equal(expected.Select(key => $"{root}/{key}"), listed);
    }

    [Fact]
    public async Task List_Object_HasTheFactsOfHead()
    {
        var key = NewKey();
        await Store.PutAsync(key, Bytes("facts"), "text/plain", None);

        await foreach (var listed in Store.ListAsync(key, None))
            Assert.Equal(await Store.HeadAsync(key, None), listed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("a/./b")]
    [InlineData("a/..")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a%2fb")]
    [InlineData("a?b")]
    [InlineData("é")]
    [InlineData("a：b")]
    [InlineData("_incoming/x")]
    [InlineData("~root")]
    public async Task HostileKey_EveryCall_IsRefused(string key)
    {
        var path = Path.Combine(TemporaryFolder, "hostile");
        await File.WriteAllTextAsync(path, "x");

        await RefusedAsync(() => Store.PutAsync(key, Bytes("x"), "text/plain", None));
        await RefusedAsync(() => Store.PutFileAsync(key, path, "text/plain", None));
        await RefusedAsync(() => Store.HeadAsync(key, None));
        await RefusedAsync(async () => await Store.ReadAsync(key, 0, new byte[1], None));
        await RefusedAsync(() => Store.OpenAsync(key, None));
        await RefusedAsync(() => Store.OpenRangeAsync(key, 0, 1, None));
        await RefusedAsync(() => Store.CopyToFileAsync(key, path + "2", None));
        await RefusedAsync(() => Store.CopyAsync(key, NewKey(), None));
        await RefusedAsync(() => Store.CopyAsync(NewKey(), key, None));
        await RefusedAsync(() => Store.DeleteAsync(key, None));

        static Task RefusedAsync(Func<Task> call) => Assert.ThrowsAnyAsync<ArgumentException>(call);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("../")]
    [InlineData("a/../")]
    [InlineData("a//")]
    [InlineData("_")]
    [InlineData("A")]
    public async Task HostilePrefix_List_IsRefused(string prefix)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ListAsync(prefix));
    }

    [Fact]
    public async Task LongestKeys_Put_AreKeysAndOneMoreIsNot()
    {
        var longest = NewKey() + "/" + new string('a', 240) + "/";
        longest += new string('b', 512 - longest.Length);

        await Store.PutAsync(longest, Bytes("long"), "text/plain", None);

        Assert.Equal("long", await ReadTextAsync(longest));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.HeadAsync(longest + "b", None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.HeadAsync(new string('c', 256), None));
    }

    [Fact]
    public async Task LargeObject_PutAndRead_TakesBoundedMemory()
    {
        const int Length = 64 << 20;
        var key = NewKey();
        await Store.PutAsync(NewKey(), new PatternStream(Length / 8), "video/mp4", None); // what the first call makes once

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var put = await Store.PutAsync(key, new PatternStream(Length), "video/mp4", None);
        await using var read = await Store.OpenAsync(key, None);
        var verified = await PatternStream.VerifyAsync(read!);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(Length, put.Length);
        Assert.Equal(Length, verified);
        Assert.InRange(allocated, 0, LargeObjectAllocation);
        await Store.DeleteAsync(key, None);
    }

    /// <summary>How much may be allocated while 64 MiB are put and read, in bytes.</summary>
    protected abstract long LargeObjectAllocation { get; }

    protected static string NewKey() => $"tests/{Guid.NewGuid():n}";

    protected static MemoryStream Bytes(string text) => new(Encoding.ASCII.GetBytes(text));

    protected async Task<byte[]> ReadAllAsync(string key)
    {
        await using var stream = await Store.OpenAsync(key, None);
        Assert.NotNull(stream);
        var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    protected async Task<string> ReadTextAsync(string key) => Encoding.ASCII.GetString(await ReadAllAsync(key));

    protected async Task<List<string>> ListAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var item in Store.ListAsync(prefix, None))
            keys.Add(item.Key);
        return keys;
    }
}
