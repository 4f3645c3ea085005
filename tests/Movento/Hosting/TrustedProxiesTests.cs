using System.Net;
using static Movento.Tests.Hosting.PipelineApp;

namespace Movento.Tests.Hosting;

public sealed class TrustedProxiesTests
{
    private static readonly (string, string)[] Forwarded = [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https")];

    [Fact]
    public async Task WhatAnybodyWrites_IsNotBelieved_WhereNoProxyIsNamed()
    {
        await using var app = await StartAsync(limits => limits.General.Address = Rate(3));

        Assert.Equal("http 192.0.2.1", (await app.GetAsync(address: "192.0.2.1", headers: Forwarded)).Text);
        // Another address in each request is the same one all the same.
        for (var guess = 1; guess <= 2; guess++)
            Assert.Equal(HttpStatusCode.OK, (await app.GetAsync(address: "192.0.2.1", headers: ("X-Forwarded-For", $"203.0.113.{guess}"))).Status);
        Assert.Equal(
            HttpStatusCode.TooManyRequests, (await app.GetAsync(address: "192.0.2.1", headers: ("X-Forwarded-For", "203.0.113.99"))).Status);
    }

    [Fact]
    public async Task WhatAProxyWrites_IsBelieved_AndNothingOfTheRest()
    {
        await using var app = await StartAsync(
            limits => limits.General.Address = Rate(3), api => api.Proxies.AddRange(["10.0.0.0/8", "2001:db8::1"]));

        foreach (var proxy in new[] { "10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1" })
            Assert.Equal("https 203.0.113.7", (await app.GetAsync(address: proxy, headers: Forwarded)).Text);
        // It is the viewer whose requests count.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.GetAsync(address: "10.9.9.9", headers: Forwarded)).Status);
        // Through two proxies; and what the viewer had put before what they wrote.
        Assert.Equal("http 203.0.113.8", (await app.GetAsync(address: "10.1.2.3", headers: ("X-Forwarded-For", "198.51.100.1, 203.0.113.8, 10.4.4.4"))).Text);
        foreach (var stranger in new[] { "192.0.2.1", "2001:db8::2", "11.0.0.1" })
            Assert.Equal($"http {stranger}", (await app.GetAsync(address: stranger, headers: Forwarded)).Text);
    }

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10.0.0.0/33")]
    [InlineData("")]
    public void Validate_WhatIsNoNetwork_IsNamed(string proxy) =>
        Assert.Contains("Movento:Api:Proxies", Assert.Single(new Movento.Hosting.ApiServerOptions { Proxies = [proxy] }.Validate()), StringComparison.Ordinal);
}
