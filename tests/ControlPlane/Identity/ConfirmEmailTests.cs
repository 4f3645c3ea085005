using System.Net;

namespace Movento.ControlPlane.Tests.Identity;

public sealed class ConfirmEmailTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private static readonly object Account = new { email = "a@example.com", password = ControlPlaneApp.Password };

    [Fact]
    public async Task Confirm_TheLinkOfTheMail_ConfirmsOnce()
    {
        await App.PostAsync("/api/auth/register", Account);
        var before = await App.PostAsync("/api/auth/login", Account);
        Assert.False(before.Json.GetProperty("user").GetProperty("isConfirmed").GetBoolean());

        var token = await App.LinkTokenAsync("a@example.com");
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/confirm", new { token })).Status);
        var me = await App.GetAsync("/api/users/me", SignedInUser.Of(before).AccessToken);
        Assert.True(me.Json.GetProperty("isConfirmed").GetBoolean());
        (await App.PostAsync("/api/auth/confirm", new { token })).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
    }

    [Fact]
    public async Task Confirm_PastItsLifetime_IsRefused_AndAnotherMailHelps()
    {
        await App.PostAsync("/api/auth/register", Account);
        var token = await App.LinkTokenAsync("a@example.com");
        App.Clock.Advance(TimeSpan.FromHours(24));
        (await App.PostAsync("/api/auth/confirm", new { token })).IsProblem(HttpStatusCode.BadRequest, "invalid_link");

        Assert.Equal(HttpStatusCode.Accepted, (await App.PostAsync("/api/auth/confirmation", new { email = "A@example.com" })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/confirm", new { token = await App.LinkTokenAsync("a@example.com") })).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public async Task Confirm_WithoutAToken_NamesTheField(string? token) => (await App.PostAsync("/api/auth/confirm", new { token })).NamesFields("token");

    [Fact]
    public async Task Confirm_AnothersWord_IsRefused() =>
        (await App.PostAsync("/api/auth/confirm", new { token = "' OR 1=1 --" })).IsProblem(HttpStatusCode.BadRequest, "invalid_link");

    [Fact]
    public async Task Confirm_WithALinkToANewPassword_IsRefused()
    {
        await App.AddUserAsync("a@example.com");
        await App.PostAsync("/api/auth/password/forgotten", new { email = "a@example.com" });
        var token = await App.LinkTokenAsync("a@example.com");
        (await App.PostAsync("/api/auth/confirm", new { token })).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
        Assert.Equal(HttpStatusCode.NoContent, (await App.PostAsync("/api/auth/password/reset", new { token, password = "another good one" })).Status);
    }

    [Fact]
    public async Task Register_AnAddressThatHasAnAccount_WritesToItsOwner_AndHoldsNoLink()
    {
        await App.AddUserAsync("a@example.com");
        await App.PostAsync("/api/auth/register", new { email = "a@example.com", password = "somebody else's", name = "Buy at https://evil.example" });
        var mail = await App.MailAsync("a@example.com");
        Assert.Contains("which has one already", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("#token", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WhereConfirmationIsRequired_AnswersAlikeUntilItIsDone()
    {
        App.Options.Mail.ConfirmationRequired = true;
        var registered = await App.PostAsync("/api/auth/register", Account);
        Assert.True(registered.Json.GetProperty("isConfirmationRequired").GetBoolean());
        var unconfirmed = await App.PostAsync("/api/auth/login", Account);
        var nobody = await App.PostAsync("/api/auth/login", new { email = "b@example.com", password = ControlPlaneApp.Password });
        unconfirmed.IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.Equal(nobody.Said, unconfirmed.Said);

        await App.PostAsync("/api/auth/confirm", new { token = await App.LinkTokenAsync("a@example.com") });
        SignedInUser.Of(await App.PostAsync("/api/auth/login", Account));
    }

    [Fact]
    public async Task Confirmation_ForNobodyOrSomebodyConfirmed_AnswersAlikeAndSendsNothing()
    {
        await App.AddUserAsync("a@example.com");
        var confirmed = await App.PostAsync("/api/auth/confirmation", new { email = "a@example.com" });
        var nobody = await App.PostAsync("/api/auth/confirmation", new { email = "b@example.com" });
        Assert.Equal(HttpStatusCode.Accepted, confirmed.Status);
        Assert.Equal(confirmed.Status, nobody.Status);
        Assert.Equal(confirmed.Text, nobody.Text);
        Assert.Empty(await App.MailsAsync("a@example.com"));
        Assert.Empty(await App.MailsAsync("b@example.com"));
    }
}
