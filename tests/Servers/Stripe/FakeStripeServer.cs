using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Movento.Servers.Stripe;

/// <summary>A <see cref="FakeStripe"/> on a real Kestrel: its API below <c>/v1</c>, and below <c>/c</c> the pages of its checkout sessions, each with one button.</summary>
public sealed class FakeStripeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _webhooks = new();
    private readonly TimeProvider _time;
    private int _sent;

    private FakeStripeServer(WebApplication app, FakeStripe stripe, FakeStripeApi api, TimeProvider time)
    {
        (_app, Stripe, Api, _time) = (app, stripe, api, time);
        Url = new Uri(app.Urls.Single());
        api.CheckoutUrl = Url.AbsoluteUri.TrimEnd('/');
    }

    public FakeStripe Stripe { get; }

    public FakeStripeApi Api { get; }

    public Uri Url { get; }

    public static async Task<FakeStripeServer> StartAsync(TimeProvider time, int port = 0)
    {
        var stripe = new FakeStripe(time);
        var api = new FakeStripeApi(stripe);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.MapGet("/c/{id}", (string id) => Results.Content($"<title>Checkout</title><form method=post><button>Pay</button> {id}</form>", "text/html"));
        app.MapPost("/c/{id}", (string id) => stripe.CompleteCheckout(id)
            ? Results.Redirect(stripe.Sessions[id]["success_url"]!.GetValue<string>())
            : Results.StatusCode(StatusCodes.Status402PaymentRequired));
        app.Map("/v1/{**rest}", async (HttpContext context) =>
        {
            var request = context.Request;
            var fields = request.HasFormContentType
                ? (await request.ReadFormAsync()).SelectMany(field => field.Value.Select(value => new KeyValuePair<string, string>(field.Key, value!)))
                : request.Query.SelectMany(field => field.Value.Select(value => new KeyValuePair<string, string>(field.Key, value!)));
            var (status, body) = api.Answer(request.Method, request.Path, [.. fields], name => request.Headers[name].FirstOrDefault());
            if (status == 0)
            {
                context.Abort();
                return;
            }

            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.Headers["Request-Id"] = "req_fake";
            await context.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return new FakeStripeServer(app, stripe, api, time);
    }

    /// <summary>Sends what has happened since the last time, in order, each once; the number of those that were taken.</summary>
    public async Task<int> DeliverAsync(Uri endpoint)
    {
        var taken = 0;
        // A fake that was emptied begins anew.
        if (_sent > Stripe.Events.Count) _sent = 0;
        for (; _sent < Stripe.Events.Count; _sent++)
        {
            if (await DeliverAsync(endpoint, Stripe.Events[_sent]) == HttpStatusCode.OK) taken++;
        }

        return taken;
    }

    /// <summary>Forgets what has happened since the last time: no webhook will bring it.</summary>
    public void Skip() => _sent = Stripe.Events.Count;

    /// <summary>Sends one event.</summary>
    public async Task<HttpStatusCode> DeliverAsync(Uri endpoint, System.Text.Json.Nodes.JsonObject happened)
    {
        var (body, signature) = Stripe.Sign(happened, _time.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) };
        request.Headers.Add("Stripe-Signature", signature);
        request.Content.Headers.ContentType = new("application/json");
        using var answer = await _webhooks.SendAsync(request);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _webhooks.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
