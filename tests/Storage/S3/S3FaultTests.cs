using System.Net;
using System.Text;
using Movento.Servers;
using Movento.Storage.S3;

namespace Movento.Storage.Tests.S3;

public sealed class S3FaultTests
{
    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, "InternalError", true)]
    [InlineData(HttpStatusCode.ServiceUnavailable, "SlowDown", true)]
    [InlineData(HttpStatusCode.BadGateway, null, true)]
    [InlineData(HttpStatusCode.TooManyRequests, null, true)]
    [InlineData(HttpStatusCode.BadRequest, "RequestTimeout", true)]
    [InlineData(HttpStatusCode.InsufficientStorage, "XMinioStorageFull", true)]
    [InlineData(HttpStatusCode.Forbidden, "SignatureDoesNotMatch", false)]
    [InlineData(HttpStatusCode.Forbidden, "AccessDenied", false)]
    [InlineData(HttpStatusCode.NotFound, "NoSuchBucket", false)]
    [InlineData(HttpStatusCode.BadRequest, "InvalidPart", false)]
    [InlineData(HttpStatusCode.NotImplemented, "NotImplemented", false)]
    public void Answer_ByStatusAndCode_IsTransientOrNot(HttpStatusCode status, string? code, bool transient)
    {
        Assert.Equal(transient, S3Fault.IsTransient(status, code));
    }

    [Fact]
    public async Task Server_Stopped_EveryCallIsATransientError()
    {
        var server = new S3ServerFixture();
        await server.InitializeAsync();
        try
        {
            using var store = new S3ObjectStore(server.Options);
            using var unprepared = new S3ObjectStore(server.Options);
            await store.PutAsync("a", Bytes("a"), "text/plain", CancellationToken.None);
            await server.StopAsync();

            await TransientAsync(() => unprepared.HeadAsync("a", CancellationToken.None));
            await TransientAsync(() => store.HeadAsync("a", CancellationToken.None));
            await TransientAsync(() => store.PutAsync("b", Bytes("b"), "text/plain", CancellationToken.None));
            await TransientAsync(() => store.PutAsync("c", new PatternStream(20 << 20), "text/plain", CancellationToken.None));
            await TransientAsync(async () => await store.ReadAsync("a", 0, new byte[1], CancellationToken.None));
            await TransientAsync(() => store.OpenAsync("a", CancellationToken.None));
            await TransientAsync(() => store.DeleteAsync("a", CancellationToken.None));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Server_StoppedInTheMiddleOfABody_IsATransientError()
    {
        var server = new S3ServerFixture();
        await server.InitializeAsync();
        try
        {
            using var store = new S3ObjectStore(server.Options);
            await store.PutAsync("a", new PatternStream(32 << 20), "video/mp4", CancellationToken.None);
            await using var body = await store.OpenAsync("a", CancellationToken.None);
            await body!.ReadExactlyAsync(new byte[1_000]);
            await server.StopAsync();

            await TransientAsync(() => body.CopyToAsync(Stream.Null));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static MemoryStream Bytes(string text) => new(Encoding.ASCII.GetBytes(text));

    private static async Task TransientAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<ObjectStoreException>(call);
        Assert.True(error.IsTransient, error.ToString());
    }
}
