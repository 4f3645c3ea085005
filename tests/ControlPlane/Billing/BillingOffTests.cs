using System.Net;
using System.Net.Http.Json;

namespace Movento.ControlPlane.Tests.Billing;

/// <summary>Without a key nothing is sold, and every film plays.</summary>
public sealed class BillingOffTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Fact]
    public async Task Plans_SayThatThereAreNone() =>
        Assert.Equal("""{"isOn":false,"plans":[],"rentals":[]}""", (await App.GetAsync("/api/payments/plans")).Text);

    [Fact]
    public async Task Everything_ElseIsOffByName()
    {
        var user = (await App.SignInAsync("a@example.com")).AccessToken;
        (await App.GetAsync("/api/payments/account", user)).IsProblem(HttpStatusCode.NotFound, "billing_off");
        (await App.PostAsync("/api/payments/checkout", new { priceId = "x" }, user)).IsProblem(HttpStatusCode.NotFound, "billing_off");
        (await App.SendAsync(HttpMethod.Post, "/api/payments/webhook", JsonContent.Create(new { }))).IsProblem(HttpStatusCode.NotFound, "billing_off");
    }

    [Fact]
    public async Task Films_PlayForAnybodyOnAnyNumberOfScreens()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, (await App.PostAsync($"/api/streaming/{film}/grant?deviceId={i:d32}", accessToken: user.AccessToken)).Status);
        Assert.Equal(10, (await App.GetAsync("/api/streaming/devices", user.AccessToken)).Json.GetProperty("items").GetArrayLength());
    }
}
