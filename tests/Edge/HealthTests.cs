using System.Net;
using Movento.Edge.Tests.Host;
using Movento.Storage;

namespace Movento.Edge.Tests;

public class HealthTests
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/startup")]
    public async Task LiveAndStartup_WhileTheProcessRuns_Are200WhateverTheStoreDoes(string path)
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Store.Before = (_, _, _) => throw new ObjectStoreException("down", isTransient: true);
        using var response = await edge.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"status":"healthy","checks":[]}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ready_WithAStoreThatAnswers_Is200()
    {
        await using var edge = await EdgeHost.StartAsync();
        using var response = await edge.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"status":"healthy","checks":[{"name":"object-store","status":"healthy"}]}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Ready_WithAStoreThatDoesNot_Is503AndRecovers()
    {
        await using var edge = await EdgeHost.StartAsync();
        edge.Store.Before = (_, _, _) => throw new ObjectStoreException("secret-host:9000 refused", isTransient: true);
        using (var response = await edge.SendAsync(HttpMethod.Get, "/health/ready"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(
                """{"status":"unhealthy","checks":[{"name":"object-store","status":"unhealthy","reason":"does not answer"}]}""",
                await response.Content.ReadAsStringAsync());
        }

        edge.Store.Before = null;
        edge.Clock.Advance(TimeSpan.FromSeconds(2));
        using var again = await edge.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }
}
