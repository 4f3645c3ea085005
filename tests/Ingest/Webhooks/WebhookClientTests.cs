using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Movento.Ingest.Tests.Running;
using Movento.Ingest.Webhooks;

namespace Movento.Ingest.Tests.Webhooks;

/// <summary>What an endpoint can and cannot make the sender do.</summary>
public sealed class WebhookClientTests
{
    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Message_ToANameThatLeadsToThisMachine_IsNotEvenConnected(string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = Client(allowsLoopback: false);
        var answer = await SendAsync(client, new Uri($"https://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        Assert.Equal((null, "forbidden_address"), (answer.Status, answer.Error));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Message_AnsweredWithARedirection_GoesNowhereElse()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.Redirect(new Uri(receiver.Url, "/elsewhere").AbsoluteUri);
            return Task.CompletedTask;
        };
        using var client = Client();
        var answer = await SendAsync(client, receiver.Url);
        Assert.Equal((302, false), (answer.Status, answer.IsDelivered));
        Assert.Equal("/hooks", Assert.Single(receiver.Messages).Path);
    }

    [Fact]
    public async Task Answer_WithoutEnd_IsReadOnlyInItsBeginning()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async context =>
        {
            var chunk = new byte[64 << 10];
            Array.Fill(chunk, (byte)'a');
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        };
        using var client = Client();
        var answer = await SendAsync(client, receiver.Url);
        Assert.Equal((200, 1024), (answer.Status, answer.Snippet.Length));
    }

    [Fact]
    public async Task Answer_ThatNeverComes_IsATimeout()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context => new TaskCompletionSource().Task.WaitAsync(context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        using var client = Client(timeout: TimeSpan.FromMilliseconds(300));
        Assert.Equal("timeout", (await SendAsync(client, receiver.Url)).Error);
    }

    [Fact]
    public async Task Message_ToNobody_SaysWhy()
    {
        using var client = Client();
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        Assert.Equal("connection", (await SendAsync(client, new Uri($"http://127.0.0.1:{port}/"))).Error);
        Assert.Equal("dns", (await SendAsync(client, new Uri("https://nobody.invalid/"))).Error);
    }

    [Fact]
    public async Task Answer_WithRetryAfter_SaysForHowLong()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        };
        using var client = Client();
        Assert.Equal(TimeSpan.FromSeconds(120), (await SendAsync(client, receiver.Url)).RetryAfter);
    }

    private static WebhookClient Client(bool allowsLoopback = true, TimeSpan? timeout = null) => new(
        new IngestOptions { Webhooks = new() { AllowLoopback = allowsLoopback, Timeout = timeout ?? TimeSpan.FromSeconds(20) } }, TimeProvider.System);

    private static Task<WebhookAnswer> SendAsync(WebhookClient client, Uri url) => client.SendAsync(url, "msg_1", 1, "v1,AA==", [1], default);
}
