using System.Net.Http.Json;
using System.Text.Json;
using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Pages;

/// <summary>The API reference, in a browser.</summary>
[Collection(StreamingSiteTests.Name)]
public sealed class ReferenceTests(StreamingSite site)
{
    private static readonly string[] Methods = ["get", "head", "post", "put", "patch", "delete", "options"];

    [Fact]
    public async Task Reference_ShowsEveryOperationOfTheDocument_ByArea()
    {
        var document = await site.Movento.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var expected = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(operation => Methods.Contains(operation.Name)))
            .Select(operation => operation.Value.GetProperty("operationId").GetString()!).Order().ToArray();
        await using var visitor = await Visitor.ComeAsync(site, "/reference");
        var page = visitor.Page;
        await page.Locator("#areas details").First.WaitForAsync();
        Assert.Equal(expected, (await page.Locator("#areas details").EvaluateAllAsync<string[]>("all => all.map(({ id }) => id)")).Order());
        Assert.Equal(
            document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()),
            await page.Locator("#area-list a").AllInnerTextsAsync());

        // Every one of them opens, with what it answers and how it is called.
        await page.EvaluateAsync("() => document.querySelectorAll('#areas details').forEach((one) => { one.open = true; })");
        await Assertions.Expect(page.Locator("#areas details .body pre")).ToHaveCountAsync(expected.Length);
        Assert.Empty(visitor.Complaints);
    }

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(390, 844)]
    public async Task Navigation_AndLinks_LeadToAreasAndOperations(int width, int height)
    {
        await using var visitor = await Visitor.ComeAsync(site, "/reference#login", width, height);
        var page = visitor.Page;

        // 1. A link to an operation opens it where it can be seen.
        var login = page.Locator("#login");
        await login.WaitForAsync();
        await Assertions.Expect(login).ToHaveAttributeAsync("open", "");
        await Assertions.Expect(login.Locator("summary").First).ToBeInViewportAsync();
        await Assertions.Expect(login.Locator("pre")).ToContainTextAsync("/api/auth/login");
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The reference scrolls sideways.");

        // 2. An area leads to its heading, and the address says so.
        var area = page.Locator("#area-list a").Last;
        var name = await area.InnerTextAsync();
        await area.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true })).ToBeInViewportAsync();
        Assert.Contains("#area-", page.Url, StringComparison.Ordinal);

        // 3. And back.
        await page.GoBackAsync();
        await Assertions.Expect(login.Locator("summary").First).ToBeInViewportAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Filter_LeavesWhatHasEveryWord_AndTheAreasOfIt()
    {
        await using var visitor = await Visitor.ComeAsync(site, "/reference");
        var page = visitor.Page;
        var shown = page.Locator("#areas details:visible");
        await shown.First.WaitForAsync();
        var all = await shown.CountAsync();

        await page.Locator("#filter").FillAsync("PROFILE delete");
        await Assertions.Expect(shown).ToHaveCountAsync(1);
        await Assertions.Expect(shown).ToHaveAttributeAsync("id", "removeProfile");
        await Assertions.Expect(page.Locator("#area-list li:visible")).ToHaveTextAsync(["Accounts"]);

        await page.Locator("#filter").FillAsync("no such operation");
        await Assertions.Expect(shown).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("No operation is like that.");

        await page.Locator("#filter").FillAsync("");
        await Assertions.Expect(shown).ToHaveCountAsync(all);
        await Assertions.Expect(page.Locator("#status")).ToBeEmptyAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Reference_WithoutTheDocument_SaysSo()
    {
        await using var visitor = Visitor.At(await site.OpenAsync());
        await visitor.Page.RouteAsync("**/openapi/v1.json", route => route.FulfillAsync(new() { Status = 503 }));
        await visitor.GoAsync(site, "/reference");
        await Assertions.Expect(visitor.Page.Locator("#status")).ToContainTextAsync("could not be read. The server answered 503.");
    }
}
