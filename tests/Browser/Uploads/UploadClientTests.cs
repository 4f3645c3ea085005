using System.Security.Cryptography;
using System.Text.Json;
using Movento.Harness;

namespace Movento.Browser.Tests.Uploads;

/// <summary>tus-js-client and Uppy, as they are published, against the running executable; each loses its line in the midst of a file.</summary>
public sealed class UploadClientTests(UploadSite site) : IClassFixture<UploadSite>
{
    private const int Length = 3_000_001;

    [Theory]
    [InlineData("tus", "{}")]
    [InlineData("tus", """{"chunkSize": 400000, "uploadDataDuringCreation": true}""")]
    [InlineData("tus", """{"parallelUploads": 3}""")]
    [InlineData("tus", """{"protocol": "ietf-draft-03"}""")]
    [InlineData("tus", """{"protocol": "ietf-draft-05"}""")]
    [InlineData("uppy", "{}")]
    [InlineData("uppy", """{"chunkSize": 500000}""")]
    public async Task Client_WhoseLineBreaks_DeliversTheFileWhole(string client, string options)
    {
        var (path, bytes) = await site.NewFileAsync(Length);
        var page = await site.OpenPeerAsync();
        // Slow, so that a busy machine takes the line away in the midst too: of three parallel uploads tus-js-client does not try their joining again.
        var session = await UploadSite.ThrottleAsync(page, 400_000);
        await page.Locator("#file").SetInputFilesAsync(path);
        await page.EvaluateAsync(
            "([client, token, options]) => { window.outcome = peer.send(client, document.querySelector('#file').files[0], token, JSON.parse(options)); window.outcome.catch(() => {}); }",
            new[] { client, site.Token, options });

        await page.WaitForFunctionAsync("() => peer.sent > 0.2");
        await UploadSite.BreakAsync(page, session);
        var outcome = (await page.EvaluateAsync<JsonElement?>("() => window.outcome"))!.Value;

        var url = outcome.GetProperty("url").GetString()!;
        await site.DemandQueuedAsync(url[(url.LastIndexOf('/') + 1)..], bytes);
        if (options.Contains("ietf", StringComparison.Ordinal))
            Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:", outcome.GetProperty("digest").GetString());
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Studio_WhosePageIsClosedInTheMidst_GoesOnWhereItWas()
    {
        var (path, bytes) = await site.NewFileAsync(Length);
        var page = await site.OpenAsync();
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GotoAsync(new Uri(site.Movento.Api, "/studio").AbsoluteUri);
        await page.Locator("#sign-in").ClickAsync();
        await page.GetByLabel("Email").FillAsync(site.Movento.Operator.Email);
        await page.GetByLabel("Password").FillAsync(site.Movento.Operator.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#sign-out").WaitForAsync();

        // 1. Sent in part.
        var session = await UploadSite.ThrottleAsync(page, 1_000_000);
        await page.Locator("#files").SetInputFilesAsync(path);
        await page.WaitForFunctionAsync("() => document.querySelector('.upload progress')?.value > 0.4");
        await page.ReloadAsync();

        // 2. Chosen again: the rest is sent, and nothing of what the server has.
        await UploadSite.ThrottleAsync(page, -1, session);
        await page.Locator("#sign-out").WaitForAsync();
        var offsets = new List<string>();
        page.Request += (_, request) =>
        {
            if (request.Method == "PATCH") offsets.Add(request.Headers["upload-offset"]);
        };
        await page.Locator("#files").SetInputFilesAsync(path);
        var row = page.Locator(".asset", new PageLocatorOptions { HasText = Path.GetFileName(path) });
        await Assertions.Expect(row).ToHaveAttributeAsync("data-state", "queued", new LocatorAssertionsToHaveAttributeOptions { Timeout = Running.StreamingSite.PatienceMilliseconds });
        await site.DemandQueuedAsync((await row.GetAttributeAsync("data-asset"))!, bytes);
        Assert.NotEqual("0", Assert.Single(offsets));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task TusJsClient_InTheRepository_IsThePublishedFile()
    {
        var ours = await File.ReadAllBytesAsync(Repository.Combine("src", "Web", "wwwroot", "lib", "tus-js-client-4.3.1", "tus.min.js"));
        var published = await File.ReadAllBytesAsync(Repository.Combine("tests", "npm", "node_modules", "tus-js-client", "dist", "tus.min.js"));
        Assert.True(ours.AsSpan().SequenceEqual(published), "The vendored tus-js-client differs from the npm package of the same version.");
    }
}
