using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Movento.ControlPlane.Tests.Identity.Asvs;

/// <summary>OWASP ASVS 5.0, chapter 3, what browsers do with our cookies and who may ask from another site: levels 1 and 2, as far as identity is concerned.</summary>
public sealed class AsvsBrowserTests(ControlPlaneFixture fixture) : AsvsTest(fixture)
{
    [Fact]
    public async Task V3_3_1_Cookies_AreSecure() => Assert.All(await CookiesAsync(), cookie => Assert.Contains("; secure", cookie, StringComparison.Ordinal));

    [Fact]
    public async Task V3_3_2_Cookies_AreSentByNoOtherSite() => Assert.All(await CookiesAsync(), cookie => Assert.Contains("; samesite=strict", cookie, StringComparison.Ordinal));

    [Fact]
    public async Task V3_3_3_Cookies_AreOfThisHostAlone() => Assert.All(await CookiesAsync(), cookie =>
    {
        Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
        Assert.Contains("; path=/;", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
    });

    [Fact]
    public async Task V3_3_4_Cookies_AreReadByNoScript_AndTheirTokensStandNowhereElse()
    {
        await App.AddUserAsync(Email);
        var signedIn = await LoginAsync(ControlPlaneApp.Password);
        Assert.All(signedIn.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; httponly", cookie, StringComparison.Ordinal));
        Assert.DoesNotContain(signedIn.RefreshToken, signedIn.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(signedIn.Device, signedIn.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task V3_4_2_OtherOrigins_AreNotLetIn()
    {
        await App.AddUserAsync(Email);
        foreach (var method in new[] { HttpMethod.Options, HttpMethod.Post })
        {
            var answer = await App.SendAsync(
                method, "/api/auth/login", new StringContent($$"""{"email":"{{Email}}","password":"{{ControlPlaneApp.Password}}"}""", Encoding.UTF8, "application/json"),
                headers: [("Origin", "https://stranger.example"), ("Access-Control-Request-Method", "POST")]);
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("text/plain")]
    public async Task V3_5_2_WhatABrowserSendsWithoutAsking_IsNotTaken(string contentType)
    {
        await App.AddUserAsync(Email);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"email":"{{Email}}","password":"{{ControlPlaneApp.Password}}"}"""));
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        (await App.SendAsync(HttpMethod.Post, "/api/auth/login", content)).IsProblem(HttpStatusCode.UnsupportedMediaType, "not_json");
    }

    [Theory]
    [InlineData("/api/auth/logout")]
    [InlineData("/api/auth/refresh")]
    [InlineData("/api/auth/login")]
    [InlineData("/api/auth/password")]
    [InlineData("/api/auth/confirm")]
    public async Task V3_5_3_WhatChangesSomething_IsNoGet(string path)
    {
        var user = await App.SignInAsync(Email);
        var answer = await App.SendAsync(HttpMethod.Get, path, accessToken: user.AccessToken, cookie: user.RefreshToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken));
    }

    private async Task<string[]> CookiesAsync()
    {
        await App.AddUserAsync(Email);
        var cookies = (await LoginAsync(ControlPlaneApp.Password)).Headers.GetValues("Set-Cookie").ToArray();
        Assert.Equal(2, cookies.Length);
        return cookies;
    }
}
