using System.Net;
using static Movento.Tests.Hosting.PipelineApp;

namespace Movento.Tests.Hosting;

public sealed class AnswerHeadersTests
{
    [Fact]
    public async Task Hsts_IsSaidOverHttpsAlone()
    {
        await using var app = await StartAsync(configure: api => api.Proxies.Add("10.0.0.1"));

        var secure = await app.GetAsync(address: "10.0.0.1", headers: ("X-Forwarded-Proto", "https"));
        Assert.Equal("max-age=31536000; includeSubDomains", secure.Header("Strict-Transport-Security"));
        Assert.False((await app.GetAsync(address: "10.0.0.1")).Headers.Contains("Strict-Transport-Security"));
        Assert.False((await app.GetAsync(address: "192.0.2.1", headers: ("X-Forwarded-Proto", "https"))).Headers.Contains("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData("/api/things", HttpStatusCode.OK)]
    [InlineData("/api/fault", HttpStatusCode.InternalServerError)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    public async Task EveryAnswer_ErrorsToo_HasThem(string path, HttpStatusCode status)
    {
        await using var app = await StartAsync();
        AssertThat(await app.GetAsync(path), status);
    }

    [Fact]
    public async Task Refusal_OfALimit_HasThem()
    {
        await using var app = await StartAsync(limits => limits.General.Address = Rate(1));
        await app.CountAsync(1, address: "192.0.2.1");
        AssertThat(await app.GetAsync(address: "192.0.2.1"), HttpStatusCode.TooManyRequests);
    }

    private static void AssertThat(Answer answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.Status);
        Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Resource-Policy"));
    }
}
