using System.Buffers;
using System.Security.Cryptography;
using Movento.Contracts;
using Movento.Harness;
using Movento.Servers;
using Movento.Storage.Files;
using Movento.Storage.S3;
using Movento.Storage.Staging;

namespace Movento.Storage.Tests.Staging;

/// <summary>What both stores promise of uploads that grow.</summary>
public abstract class UploadStagingContract : IDisposable
{
    private static readonly byte[] Film = RandomNumberGenerator.GetBytes(20_000_001);

    protected abstract IObjectStore Store { get; }

    private IUploadStaging Staging => (IUploadStaging)Store;

    [Theory]
    [InlineData(1)]
    [InlineData(100_000, 100_001)]
    [InlineData(5 << 20, 8 << 20, 20_000_001)]
    [InlineData(1_000_000, 9_000_000, 9_000_001, 20_000_001)]
    public async Task Upload_OpenedAgainAfterEveryPiece_BecomesOneObject(params int[] ends)
    {
        var key = NewKey();
        var staged = StagedBytes.None;
        foreach (var end in ends)
        {
            await using var upload = await Staging.OpenAsync(key, staged, default);
            await upload.WriteAsync(new ReadOnlySequence<byte>(Film.AsMemory((int)staged.Length, end - (int)staged.Length)), default);
            staged = await upload.FlushAsync(default);
            Assert.Equal(end, staged.Length);
        }

        Assert.Null(await Store.HeadAsync(key, default));
        Assert.Equal(staged.Length, (await Staging.CompleteAsync(key, staged, "video/mp4", default)).Length);
        await DemandAsync(key, ends[^1]);

        // After a kill it is done again.
        Assert.Equal(staged.Length, (await Staging.CompleteAsync(key, staged, "video/mp4", default)).Length);
        await foreach (var left in Store.ListAsync(StorageKey.UploadTailPrefix(key), default)) Assert.Fail(left.Key);
    }

    [Fact]
    public async Task BytesThatNobodyKept_AreDroppedByTheNext()
    {
        var key = NewKey();
        await using (var upload = await Staging.OpenAsync(key, StagedBytes.None, default))
        {
            await upload.WriteAsync(new ReadOnlySequence<byte>(new byte[10_000_000]), default);
            await upload.FlushAsync(default);
        }

        await using (var upload = await Staging.OpenAsync(key, StagedBytes.None, default))
        {
            await upload.WriteAsync(new ReadOnlySequence<byte>(Film.AsMemory(0, 9_000_000)), default);
            await Staging.CompleteAsync(key, await FlushedAsync(upload), "video/mp4", default);
        }

        await DemandAsync(key, 9_000_000);
    }

    [Fact]
    public async Task Removed_LeavesNothing()
    {
        var key = NewKey();
        StagedBytes staged;
        await using (var upload = await Staging.OpenAsync(key, StagedBytes.None, default))
        {
            await upload.WriteAsync(new ReadOnlySequence<byte>(Film.AsMemory(0, 1000)), default);
            staged = await upload.FlushAsync(default);
        }

        await Staging.RemoveAsync(key, staged, default);
        await Staging.RemoveAsync(key, staged, default);
        await foreach (var left in Store.ListAsync(StorageKey.UploadTailPrefix(key), default)) Assert.Fail(left.Key);
        await Assert.ThrowsAsync<ObjectStoreException>(() => Staging.CompleteAsync(key, staged, "video/mp4", default));
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    protected static string NewKey() => StorageKey.Upload(AssetId.New(TimeProvider.System.GetUtcNow()));

    // A file must be let go of before it is completed; S3 does not mind.
    private static async Task<StagedBytes> FlushedAsync(IStagedUpload upload)
    {
        var staged = await upload.FlushAsync(default);
        await upload.DisposeAsync();
        return staged;
    }

    protected async Task DemandAsync(string key, int length)
    {
        var stored = new byte[length + 1];
        Assert.Equal(length, await Store.ReadAsync(key, 0, stored, default));
        Assert.True(Film.AsSpan(0, length).SequenceEqual(stored.AsSpan(0, length)));
    }
}

public sealed class FileStagingTests : UploadStagingContract
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileObjectStore _store;

    public FileStagingTests() => _store = new FileObjectStore(new FileStorageOptions { Folder = _folder.FullName }, TimeProvider.System);

    protected override IObjectStore Store => _store;

    public override void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
        base.Dispose();
    }

    [Fact]
    public async Task OpenUpload_IsWaitedFor()
    {
        var key = NewKey();
        var staging = (IUploadStaging)_store;
        var first = await staging.OpenAsync(key, StagedBytes.None, default);
        var second = staging.OpenAsync(key, StagedBytes.None, default);
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => staging.OpenAsync(key, StagedBytes.None, limit.Token));
        Assert.False(second.IsCompleted);
        await first.DisposeAsync();
        await (await second).DisposeAsync();
    }
}

public sealed class S3StagingTests : UploadStagingContract, IClassFixture<S3ServerFixture>
{
    private readonly S3ObjectStore _store;

    public S3StagingTests(S3ServerFixture server) => _store = new S3ObjectStore(server.Options);

    protected override IObjectStore Store => _store;

    public override void Dispose()
    {
        _store.Dispose();
        base.Dispose();
    }

    [Fact]
    public async Task PartOfOneWhoLostTheUpload_ReplacesNothing()
    {
        var key = NewKey();
        var staging = (IUploadStaging)_store;

        // 1. One has it open, and begun its multipart put.
        await using var older = await staging.OpenAsync(key, StagedBytes.None, default);
        var film = RandomNumberGenerator.GetBytes(30_000_000);
        await older.WriteAsync(new ReadOnlySequence<byte>(film.AsMemory(0, 9_000_000)), default);
        var kept = await older.CheckpointAsync(default);
        Assert.Equal(8 << 20, kept.Length);

        // 2. Another takes it from there, and sends a part; then the first one's next part arrives.
        StagedBytes staged;
        await using (var newer = await staging.OpenAsync(key, kept, default))
        {
            await newer.WriteAsync(new ReadOnlySequence<byte>(film.AsMemory(8 << 20, 9_000_000)), default);
            await older.WriteAsync(new ReadOnlySequence<byte>(new byte[9_000_000]), default);
            await newer.WriteAsync(new ReadOnlySequence<byte>(film.AsMemory((8 << 20) + 9_000_000, 1000)), default);
            staged = await newer.FlushAsync(default);
        }

        await staging.CompleteAsync(key, staged, "video/mp4", default);
        var stored = new byte[(int)staged.Length];
        Assert.Equal(stored.Length, await _store.ReadAsync(key, 0, stored, default));
        Assert.True(film.AsSpan(0, stored.Length).SequenceEqual(stored));
    }
}
