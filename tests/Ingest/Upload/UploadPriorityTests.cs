using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Movento.Ingest.Tests.Upload;

/// <summary>When a film's turn is, said with its upload, whichever way it comes.</summary>
public sealed class UploadPriorityTests(UploadHost host) : IClassFixture<UploadHost>
{
    private static readonly byte[] Film = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public async Task Priority_SaidWithAnUpload_IsTheAssets()
    {
        Assert.Equal(1, await PriorityAsync(await host.CreateAsync(Film.Length, Tus("1"))));
        Assert.Equal(0, await PriorityAsync(await host.CreateAsync(Film.Length)));

        using var draft = await host.SendAsync(UploadHost.Draft("POST", "/api/uploads?fileName=a.mp4&priority=1", Film, ("Upload-Complete", "?1")));
        Assert.Equal(1, await PriorityAsync(await AssetOfAsync(draft)));

        using var plain = await host.Client.PutAsync("/api/uploads/a.mp4?priority=-1", new ByteArrayContent(Film));
        Assert.Equal(-1, await PriorityAsync(await AssetOfAsync(plain)));
    }

    [Fact]
    public async Task Priority_OfAConcatenation_IsThatOfTheFinalUpload()
    {
        var part = await host.CreateAsync(Film.Length, ("Upload-Concat", "partial"), Tus("-1"));
        using (await host.PatchAsync(part, 0, Film)) { }
        using var joined = await host.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Concat", $"final;{part}"), Tus("1")));
        Assert.Equal(1, await PriorityAsync(joined.Headers.Location!.ToString()));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("-2")]
    [InlineData("high")]
    [InlineData("01")]
    [InlineData("")]
    public async Task Priority_ThatIsNone_IsRefusedByNameAndNothingIsMade(string priority)
    {
        using var tus = await host.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "8"), Tus(priority)));
        await UploadHost.AssertProblemAsync(tus, 400, "invalid_priority");
        using var draft = await host.SendAsync(UploadHost.Draft("POST", $"/api/uploads?priority={priority}", Film, ("Upload-Complete", "?1")));
        await UploadHost.AssertProblemAsync(draft, 400, "invalid_priority");
        using var plain = await host.Client.PutAsync($"/api/uploads/refused.mp4?priority={priority}", new ByteArrayContent(Film));
        await UploadHost.AssertProblemAsync(plain, 400, "invalid_priority");
        Assert.Empty((await host.Client.GetFromJsonAsync<JsonElement>("/api/assets?title=refused")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task IdempotencyKey_WithAnotherPriority_AsksForAnotherThing()
    {
        var first = await host.CreateAsync(Film.Length, ("Idempotency-Key", "priority"), Tus("1"));
        Assert.Equal(first, await host.CreateAsync(Film.Length, ("Idempotency-Key", "priority"), Tus("1")));
        using var other = await host.SendAsync(UploadHost.Tus("POST", "/api/uploads", null, ("Upload-Length", "8"), ("Idempotency-Key", "priority")));
        await UploadHost.AssertProblemAsync(other, 422, "idempotency_key_reused");
    }

    private static (string Name, string Value) Tus(string priority) => ("Upload-Metadata", UploadHost.Metadata(("priority", priority)));

    private static async Task<string> AssetOfAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("assetId").GetString()!;
    }

    private async Task<int> PriorityAsync(string url) =>
        (await host.Client.GetFromJsonAsync<JsonElement>($"/api/assets/{url[(url.LastIndexOf('/') + 1)..]}")).GetProperty("priority").GetInt32();
}
