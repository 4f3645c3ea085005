using Movento.Servers;
using Movento.Storage.S3;

namespace Movento.Storage.Tests.S3;

public sealed class S3ObjectStoreTests : ObjectStoreContract, IClassFixture<S3ServerFixture>
{
    private readonly S3ServerFixture _server;
    private readonly S3ObjectStore _store;

    public S3ObjectStoreTests(S3ServerFixture server)
    {
        _server = server;
        _store = new S3ObjectStore(server.Options);
    }

    protected override IObjectStore Store => _store;

    // Two buffers of 8 MiB, and what the SDK makes for each of 8 parts.
    protected override long LargeObjectAllocation => 24 << 20;

    public override void Dispose()
    {
        _store.Dispose();
        base.Dispose();
    }

    [Theory]
    [InlineData(8 << 20)]
    [InlineData((8 << 20) + 1)]
    [InlineData((16 << 20) - 1)]
    [InlineData(16 << 20)]
    public async Task Put_AroundTheSizeOfAPart_IsReadBackWhole(int length)
    {
        var key = NewKey();

        var put = await Store.PutAsync(key, new PatternStream(length), "video/mp4", None);

        Assert.Equal(length, put.Length);
        Assert.Equal(put, await Store.HeadAsync(key, None));
        await using var read = await Store.OpenAsync(key, None);
        Assert.Equal(length, await PatternStream.VerifyAsync(read!));
    }

    [Fact]
    public async Task Copy_KeepsTheContentType()
    {
        var (from, to) = (NewKey(), NewKey());
        await Store.PutAsync(from, new PatternStream(1000), "text/vtt", None);
        await Store.CopyAsync(from, to, None);
        using var bucket = new S3Bucket(_server.Options);
        Assert.Equal("text/vtt", (await bucket.HeadAsync(to, None))!.Value.ContentType);
    }

    [Fact]
    public async Task Put_SourceFailsAfterSeveralParts_LeavesNoObject()
    {
        var key = NewKey();

        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.PutAsync(key, new FailingStream(after: 20 << 20), "video/mp4", None));

        Assert.Null(await Store.HeadAsync(key, None));
        Assert.Empty(await ListAsync(key));
    }

    [Fact]
    public async Task List_MoreThanOnePage_GivesAllInOrder()
    {
        var root = NewKey();
        var keys = Enumerable.Range(0, 1_005).Select(i => $"{root}/{i}").ToArray();
        await Parallel.ForEachAsync(keys, async (key, stop) => await Store.PutAsync(key, Stream.Null, "text/plain", stop));

        Assert.Equal(keys.Order(StringComparer.Ordinal), await ListAsync(root + "/"));
    }

    [Fact]
    public async Task Bucket_Missing_IsAPermanentErrorThatNamesIt()
    {
        var options = _server.Options;
        options.Bucket = "absent";
        using var store = new S3ObjectStore(options);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => store.HeadAsync("a", None));

        Assert.False(error.IsTransient);
        Assert.Contains("no bucket absent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bucket_MissingWithCreateBucket_IsMadeOnce()
    {
        var options = _server.Options;
        options.Bucket = "made-" + Guid.NewGuid().ToString("n");
        options.CreateBucket = true;
        using var store = new S3ObjectStore(options);
        using var other = new S3ObjectStore(options);

        await Task.WhenAll(
            store.PutAsync("a", Bytes("a"), "text/plain", None),
            store.PutAsync("b", Bytes("b"), "text/plain", None),
            other.PutAsync("c", Bytes("c"), "text/plain", None));

        Assert.NotNull(await store.HeadAsync("c", None));
    }

    [Fact]
    public async Task AccessKey_Unknown_IsAPermanentErrorThatDoesNotTellTheSecret()
    {
        var options = _server.Options;
        options.AccessKey = "unknown";
        options.SecretKey = "the-secret";
        using var store = new S3ObjectStore(options);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() => store.HeadAsync("a", None));

        Assert.False(error.IsTransient);
        Assert.DoesNotContain("the-secret", error.ToString(), StringComparison.Ordinal);
    }
}
