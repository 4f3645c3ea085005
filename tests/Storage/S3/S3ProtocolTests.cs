using Microsoft.AspNetCore.Http;
using Movento.Storage.S3;

namespace Movento.Storage.Tests.S3;

public sealed class S3ProtocolTests
{
    [Fact]
    public async Task Read_BehindTheEnd_IsNoBytes()
    {
        await using var server = await ScriptedS3Server.StartAsync(context => ScriptedS3Server.ErrorAsync(context, 416, "InvalidRange"));
        using var store = new S3ObjectStore(server.Options);

        Assert.Equal(0, await store.ReadAsync("a", 0, new byte[10], CancellationToken.None));
    }

    [Theory]
    [InlineData(403, "SignatureDoesNotMatch", false, false)]
    [InlineData(404, "NoSuchBucket", false, false)]
    [InlineData(503, "SlowDown", true, false)]
    [InlineData(500, "InternalError", true, false)]
    [InlineData(507, "XMinioStorageFull", true, true)]
    public async Task Answer_Error_SaysWhetherLaterHelpsAndTriesNotForever(int status, string code, bool transient, bool full)
    {
        await using var server = await ScriptedS3Server.StartAsync(context => ScriptedS3Server.ErrorAsync(context, status, code));
        using var store = new S3ObjectStore(server.Options);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() =>
            store.PutAsync("a", new MemoryStream([1]), "text/plain", CancellationToken.None));

        Assert.Equal(transient, error.IsTransient);
        Assert.Equal(full, error.IsFull);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", error.ToString(), StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 1, 3);
    }

    [Fact]
    public async Task Put_PartRefused_DropsTheUpload()
    {
        await using var server = await ScriptedS3Server.StartAsync(context => context.Request switch
        {
            { Method: "POST" } => ScriptedS3Server.XmlAsync(
                context, "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"),
            { Method: "DELETE" } => Task.CompletedTask,
            _ => ScriptedS3Server.ErrorAsync(context, 403, "AccessDenied"),
        });
        using var store = new S3ObjectStore(server.Options);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(() =>
            store.PutAsync("a", new PatternStream(20 << 20), "video/mp4", CancellationToken.None));

        Assert.False(error.IsTransient);
        Assert.Equal("DELETE /movento/a?uploadId=u1", server.Requests[^1]);
    }

    [Fact]
    public async Task Read_BodyCutShort_IsATransientError()
    {
        await using var server = await ScriptedS3Server.StartAsync(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.ContentLength = 10;
            context.Response.Headers.ContentRange = "bytes 0-9/10";
            await context.Response.Body.WriteAsync("half"u8.ToArray());
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var store = new S3ObjectStore(server.Options);

        var error = await Assert.ThrowsAsync<ObjectStoreException>(async () =>
            await store.ReadAsync("a", 0, new byte[10], CancellationToken.None));

        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Read_SilentServerAndCancelled_IsCancelled()
    {
        var asked = new TaskCompletionSource();
        await using var server = await ScriptedS3Server.StartAsync(context =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
        });
        using var store = new S3ObjectStore(server.Options);
        using var cancelled = new CancellationTokenSource();

        var read = store.ReadAsync("a", 0, new byte[10], cancelled.Token).AsTask();
        await asked.Task;
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task List_StrangersInTheBucket_AreNotObjects()
    {
        await using var server = await ScriptedS3Server.StartAsync(context => ScriptedS3Server.XmlAsync(context, """
            <ListBucketResult><IsTruncated>false</IsTruncated>
            <Contents><Key>a/</Key><Size>0</Size><ETag>"x"</ETag></Contents>
            <Contents><Key>a/b</Key><Size>3</Size><ETag>"y"</ETag></Contents>
            <Contents><Key>a/B C</Key><Size>3</Size><ETag>"z"</ETag></Contents></ListBucketResult>
            """));
        using var store = new S3ObjectStore(server.Options);

        var listed = new List<ObjectInfo>();
        await foreach (var item in store.ListAsync("a", CancellationToken.None))
            listed.Add(item);

        Assert.Equal([new ObjectInfo("a/b", 3, "y")], listed);
    }
}
