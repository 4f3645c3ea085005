using System.Diagnostics;
using System.Text;
using Movento.Harness;
using Movento.Storage.Files;

namespace Movento.Storage.Tests.Files;

public sealed class FileObjectStoreTests : ObjectStoreContract
{
    private readonly FileObjectStore _store;

    public FileObjectStoreTests() => _store = Open();

    protected override IObjectStore Store => _store;

    // One pooled buffer and what the calls themselves cost.
    protected override long LargeObjectAllocation => 2 << 20;

    private string Root => Path.Combine(TemporaryFolder, "objects");

    public override void Dispose()
    {
        _store.Dispose();
        base.Dispose();
    }

    [Fact]
    public async Task Read_EmptyObject_IsNoBytes()
    {
        await Store.PutAsync("a", Stream.Null, "text/plain", None);

        Assert.Equal(0, await Store.ReadAsync("a", 0, new byte[10], None));
    }

    [Fact]
    public async Task Put_ManyAtOnceOnOneKey_ReadersSeeOneOfThemWhole()
    {
        var key = NewKey();
        var versions = Enumerable.Range(0, 6).Select(i => Enumerable.Repeat((byte)i, 200_000 + i).ToArray()).ToArray();
        await Store.PutAsync(key, new MemoryStream(versions[0]), "video/mp4", None);

        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var seen = 0;
            while (!done.IsCancellationRequested || seen == 0)
            {
                var read = await ReadAllAsync(key);
                Assert.Equal(versions[read[0]], read);
                seen++;
            }
        })).ToArray();
        var writers = versions.Select(version => Task.Run(async () =>
        {
            for (var round = 0; round < 3; round++)
                await Store.PutAsync(key, new MemoryStream(version), "video/mp4", None);
        })).ToArray();
        await Task.WhenAll(writers);
        await done.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task List_KeysAroundASlash_AreInOrdinalOrder()
    {
        var root = NewKey();
        string[] keys = ["a-b", "a.b/c", "a/b", "a/b-c/d", "a0", "b", "b-/x", "b0/a/a/a", "c/a.mp4", "c/a-1.mp4", "c/a0.mp4"];
        foreach (var key in keys)
            await Store.PutAsync($"{root}/{key}", Bytes(key), "text/plain", None);

        var listed = await ListAsync(root + "/");

        Assert.Equal(keys.Select(key => $"{root}/{key}").Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task ETag_StoreOpenedAgain_IsTheSame()
    {
        var put = await Store.PutAsync("a/b", Bytes("x"), "text/plain", None);

        using var again = Open();

        Assert.Equal(put, await again.HeadAsync("a/b", None));
    }

    [Fact]
    public async Task ETag_ManyPutsOfOneLength_NeverRepeats()
    {
        var tags = new HashSet<string>();
        for (var i = 0; i < 50; i++)
            tags.Add((await Store.PutAsync("a", Bytes($"{i:00}"), "text/plain", None)).ETag);

        Assert.Equal(50, tags.Count);
    }

    [Fact]
    public async Task PutFile_OtherFileOfSameLengthAndTime_ChangesTheETag()
    {
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var first = await PutFileAsync("one");
        var second = await PutFileAsync("two");

        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal("two", await ReadTextAsync("a"));

        async Task<ObjectInfo> PutFileAsync(string text)
        {
            var path = Path.Combine(TemporaryFolder, text);
            await File.WriteAllTextAsync(path, text);
            File.SetLastWriteTimeUtc(path, time);
            return await Store.PutFileAsync("a", path, "text/plain", None);
        }
    }

    [Fact]
    public async Task PutFile_SameFileSystem_LinksAndDoesNotCopy()
    {
        var path = Path.Combine(TemporaryFolder, "source");
        await File.WriteAllTextAsync(path, "before");
        await Store.PutFileAsync("a", path, "text/plain", None);

        // Forbidden to users of the store; here it shows that both names are one file.
        await File.WriteAllTextAsync(path, "after!");

        Assert.Equal("after!", await ReadTextAsync("a"));
    }

    [Fact]
    public async Task Copy_LinksAndDoesNotCopy()
    {
        await Store.PutAsync("a", new MemoryStream("before"u8.ToArray()), "text/plain", None);
        await Store.CopyAsync("a", "b", None);

        // As above: forbidden, and shows that both names are one file.
        await File.WriteAllTextAsync(Path.Combine(Root, "a"), "after!");

        Assert.Equal("after!", await ReadTextAsync("b"));
    }

    [Fact]
    public async Task PutFile_OtherFileSystem_Copies()
    {
        var path = Path.Combine("/dev/shm", $"movento-{Guid.NewGuid():n}");
        await File.WriteAllTextAsync(path, "from memory");
        try
        {
            await Store.PutFileAsync("a", path, "text/plain", None);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal("from memory", await ReadTextAsync("a"));
    }

    [Fact]
    public async Task Start_LeftoversOfAKilledPut_AreSweptAndThoseOfARunningStoreAreNot()
    {
        var dead = Path.Combine(Root, "_incoming", "dead");
        Directory.CreateDirectory(dead);
        await File.WriteAllTextAsync(Path.Combine(dead, "lock"), "");
        await File.WriteAllTextAsync(Path.Combine(dead, "half"), "half a fi");
        var content = new PausedStream();
        var running = Store.PutAsync("a", content, "text/plain", None);
        await content.Reached;

        using var started = Open();

        Assert.False(Directory.Exists(dead));
        content.Resume();
        await running;
        Assert.Equal(PausedStream.Text, await ReadTextAsync("a"));
    }

    [Fact]
    public async Task Put_ProcessKilledInTheMiddle_LeavesTheOldObjectAndNothingElse()
    {
        await Store.PutAsync("a/b", Bytes("old"), "text/plain", None);
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, Root, "a/b"])
        {
            RedirectStandardOutput = true,
        })!;
        using var limit = new CancellationTokenSource(Eventually.DefaultLimit);
        Assert.Equal(Program.InTheMiddle, await process.StandardOutput.ReadLineAsync(limit.Token));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(Root, "_incoming")).Length);

        process.Kill();
        await process.WaitForExitAsync(limit.Token);

        Assert.Equal("old", await ReadTextAsync("a/b"));
        using var restarted = Open();
        Assert.Single(Directory.GetDirectories(Path.Combine(Root, "_incoming")));
        Assert.Equal(["a/b"], await ListAsync(""));
    }

    [Fact]
    public async Task Put_InFlight_NamesNothingYet()
    {
        var content = new PausedStream();
        var running = Store.PutAsync("a/b", content, "text/plain", None);
        await content.Reached;

        Assert.Null(await Store.HeadAsync("a/b", None));
        Assert.Empty(await ListAsync(""));

        content.Resume();
        await running;
        Assert.Equal(["a/b"], await ListAsync(""));
    }

    [Fact]
    public async Task Delete_LastObject_LeavesNoFolders()
    {
        await Store.PutAsync("a/b/c/d", Bytes("x"), "text/plain", None);
        await Store.PutAsync("a/e", Bytes("x"), "text/plain", None);

        await Store.DeleteAsync("a/b/c/d", None);
        Assert.Equal(["a"], ObjectFolders());
        await Store.DeleteAsync("a/e", None);
        Assert.Empty(ObjectFolders());
        Assert.True(Directory.Exists(Root));
    }

    [Fact]
    public async Task PutAndDelete_InOneFolderAtOnce_NeverFail()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var round = 0; round < 40; round++)
            {
                await Store.PutAsync($"a/b/c{worker}", Bytes("x"), "text/plain", None);
                Assert.NotNull(await Store.HeadAsync($"a/b/c{worker}", None));
                await Store.DeleteAsync($"a/b/c{worker}", None);
            }
        })));

        Assert.Empty(ObjectFolders());
    }

    [Fact]
    public async Task Put_KeyBelowAnObject_IsAPermanentErrorThatSaysWhy()
    {
        await Store.PutAsync("a", Bytes("x"), "text/plain", None);
        await Store.PutAsync("b/c", Bytes("x"), "text/plain", None);

        var below = await Assert.ThrowsAsync<ObjectStoreException>(() => Store.PutAsync("a/b", Bytes("y"), "text/plain", None));
        var above = await Assert.ThrowsAsync<ObjectStoreException>(() => Store.PutAsync("b", Bytes("y"), "text/plain", None));

        Assert.False(below.IsTransient);
        Assert.False(above.IsTransient);
        Assert.Contains("folder", below.Message, StringComparison.Ordinal);
        Assert.Contains("folder", above.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b/c"], await ListAsync(""));
    }

    [Fact]
    public void DiskFull_IsATransientErrorThatSaysFull()
    {
        var full = FileFault.Of("Writing a", new IOException("No space left on device", Errno.NoSpace));

        Assert.True(full.IsFull);
        Assert.True(full.IsTransient);

        // What .NET makes of the kernel's answer: /dev/full has no room for a single byte.
        using var device = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        var error = Assert.Throws<IOException>(() => RandomAccess.Write(device, "x"u8, 0));
        Assert.Equal(Errno.NoSpace, error.HResult);
    }

    [Fact]
    public async Task Read_ReplacedByAnotherStore_IsSeenWithinASecond()
    {
        var clock = new SteppedTime();
        using var reader = Open(clock);
        await Store.PutAsync("a", Bytes("old"), "text/plain", None);
        Assert.Equal("old", await ReadRangeAsync(reader, "a"));

        await Store.PutAsync("a", Bytes("new"), "text/plain", None);
        await Store.PutAsync("b", Bytes("b"), "text/plain", None);
        clock.Step(TimeSpan.FromSeconds(1));
        Assert.Equal("new", await ReadRangeAsync(reader, "a"));

        await Store.DeleteAsync("a", None);
        clock.Step(TimeSpan.FromSeconds(1));
        Assert.Equal(-1, await reader.ReadAsync("a", 0, new byte[1], None));
    }

    [Fact]
    public async Task Read_ManyObjects_KeepsAtMostTheBoundOpen()
    {
        using var cache = new OpenFileCache(capacity: 3, key => Path.Combine(Root, key), TimeProvider.System);
        for (var i = 0; i < 10; i++)
        {
            await Store.PutAsync($"a/{i}", Bytes("x"), "text/plain", None);
            var leased = cache.Lease($"a/{i}")!;
            Assert.InRange(cache.Count, 1, 3);
            cache.Return(leased);
        }

        var kept = cache.Lease("a/9")!;
        Assert.Same(kept, cache.Lease("a/9"));
    }

    [Fact]
    public async Task Lease_Evicted_StaysReadableUntilReturned()
    {
        await Store.PutAsync("a", Bytes("a"), "text/plain", None);
        await Store.PutAsync("b", Bytes("b"), "text/plain", None);
        using var cache = new OpenFileCache(capacity: 1, key => Path.Combine(Root, key), TimeProvider.System);
        var leased = cache.Lease("a")!;

        cache.Return(cache.Lease("b")!);
        cache.Forget("a");

        var buffer = new byte[1];
        Assert.Equal(1, RandomAccess.Read(leased.Handle, buffer, 0));
        cache.Return(leased);
        Assert.True(leased.Handle.IsClosed);
    }

    [Fact]
    public async Task List_StrangersInTheFolder_AreNotObjects()
    {
        await Store.PutAsync("a", Bytes("x"), "text/plain", None);
        await File.WriteAllTextAsync(Path.Combine(Root, "README.TXT"), "not ours");
        Directory.CreateDirectory(Path.Combine(Root, "lost+found"));

        Assert.Equal(["a"], await ListAsync(""));
    }

    [Fact]
    public void Folder_CannotBeMade_IsAnErrorThatNamesIt()
    {
        var file = Path.Combine(TemporaryFolder, "file");
        File.WriteAllText(file, "");

        var error = Assert.Throws<ObjectStoreException>(() =>
            new FileObjectStore(new FileStorageOptions { Folder = Path.Combine(file, "objects") }, TimeProvider.System));

        Assert.False(error.IsTransient);
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    private FileObjectStore Open(TimeProvider? time = null) =>
        new(new FileStorageOptions { Folder = Root }, time ?? TimeProvider.System);

    private IEnumerable<string> ObjectFolders() =>
        Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Where(name => name != "_incoming");

    private static async Task<string> ReadRangeAsync(FileObjectStore store, string key)
    {
        var buffer = new byte[10];
        var read = await store.ReadAsync(key, 0, buffer, None);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }
}
