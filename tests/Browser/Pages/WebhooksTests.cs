using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Movento.Browser.Tests.Running;
using Movento.Harness;

namespace Movento.Browser.Tests.Pages;

/// <summary>A team's webhooks, as its people see and set them in the studio.</summary>
[Collection(StreamingSiteTests.Name)]
public sealed class WebhooksTests(StreamingSite site)
{
    [Fact]
    public async Task Endpoint_AddedTriedReplayedAndRemoved_HearsWhatIsSent()
    {
        var heard = new ConcurrentQueue<string>();
        await using var receiver = await ReceiveAsync(heard);
        var url = receiver.Urls.Single() + "/hook";
        await using var visitor = await Visitor.ComeAsync(site, "/studio#webhooks");
        var page = visitor.Page;
        await visitor.SignInAsync(site.Movento.Operator);

        // 1. Added; what is wrong with an address is said in the form.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add an endpoint" }).ClickAsync();
        await page.GetByLabel("URL").FillAsync("http://example.org/hook");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("https");
        await page.GetByLabel("URL").FillAsync(url);
        await page.GetByLabel("asset.progress").CheckAsync();
        await page.Keyboard.PressAsync("Enter");

        // 2. Its secret is shown once: Escape does not lose it, and a reload does not bring it back.
        var secret = page.GetByRole(AriaRole.Textbox, new() { Name = "Secret" });
        await Assertions.Expect(secret).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^whsec_"));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(secret).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I have kept it" }).ClickAsync();
        await page.ReloadAsync();
        var card = page.Locator(".endpoint", new() { HasText = url });
        await Assertions.Expect(card.Locator(".tags li")).ToHaveCountAsync(7);
        await Assertions.Expect(page.Locator("#webhooks-view")).Not.ToContainTextAsync("whsec_");

        // 3. A test is sent, and seen to arrive; then the same message once more.
        await card.GetByRole(AriaRole.Button, new() { Name = "Send a test" }).ClickAsync();
        var delivery = card.Locator(".deliveries li[data-delivery]", new() { HasText = "webhook.test" });
        await Assertions.Expect(delivery).ToHaveAttributeAsync("data-state", "delivered");
        await delivery.Locator("summary").ClickAsync();
        await Assertions.Expect(delivery.Locator(".attempts")).ToContainTextAsync("taken");
        await delivery.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await Eventually.TrueAsync(() => heard.Count == 2, "the message came twice");
        Assert.Single(heard.Distinct());
        await Assertions.Expect(delivery.Locator(".attempts ol > li")).ToHaveCountAsync(2);

        // 4. Switched off, and removed after a question.
        await card.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await Assertions.Expect(card).ToHaveAttributeAsync("data-enabled", "false");
        await card.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await card.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Empty(visitor.Complaints);
    }

    private static async Task<WebApplication> ReceiveAsync(ConcurrentQueue<string> heard)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost("/hook", (HttpContext context) =>
        {
            heard.Enqueue(context.Request.Headers["webhook-id"].ToString());
            return "taken";
        });
        await app.StartAsync();
        return app;
    }
}
