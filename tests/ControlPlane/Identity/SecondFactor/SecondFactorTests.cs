using System.Net;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Identity;
using Movento.ControlPlane.Identity.SecondFactor;

namespace Movento.ControlPlane.Tests.Identity.SecondFactor;

public sealed class SecondFactorTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private const string Path = "/api/users/me/second-factor";

    [Fact]
    public async Task Login_WithAnApp_AsksForItsCode()
    {
        var (_, secret, _) = await EnrolAsync("a@example.com");
        var first = await LoginAsync();
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.False(first.Headers.Contains("Set-Cookie"));
        Assert.False(first.Json.TryGetProperty("accessToken", out _));
        SignedInUser.Of(await SecondAsync(first, Code(secret)));
    }

    [Fact]
    public async Task Code_ThatWasTaken_IsRefusedTheSecondTime()
    {
        var (_, secret, _) = await EnrolAsync("a@example.com");
        var code = Code(secret);
        SignedInUser.Of(await SecondAsync(await LoginAsync(), code));
        (await SecondAsync(await LoginAsync(), code)).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        App.Clock.Advance(TimeBasedCode.Step);
        SignedInUser.Of(await SecondAsync(await LoginAsync(), Code(secret)));
    }

    [Fact]
    public async Task Code_SentManyTimesAtOnce_SignsInOnce()
    {
        var (_, secret, _) = await EnrolAsync("a@example.com");
        var tickets = new List<Answer>();
        for (var i = 0; i < 4; i++) tickets.Add(await LoginAsync());
        var answers = await Task.WhenAll(tickets.Select(ticket => SecondAsync(ticket, Code(secret))));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task RecoveryCode_SignsInOnce_HoweverItIsWritten()
    {
        var (_, _, codes) = await EnrolAsync("a@example.com");
        Assert.Equal(10, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^([A-Z2-7]{4}-){6}[A-Z2-7]{4}$", code));
        SignedInUser.Of(await SecondAsync(await LoginAsync(), codes[0].ToLowerInvariant().Replace('-', ' ')));
        (await SecondAsync(await LoginAsync(), codes[0])).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        SignedInUser.Of(await SecondAsync(await LoginAsync(), codes[1]));
    }

    [Fact]
    public async Task RecoveryCodes_Renewed_ReplaceAllOfBefore()
    {
        var (user, _, codes) = await EnrolAsync("a@example.com");
        var renewed = await App.PostAsync(Path + "/recovery-codes", accessToken: user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, renewed.Status);
        (await SecondAsync(await LoginAsync(), codes[0])).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        SignedInUser.Of(await SecondAsync(await LoginAsync(), renewed.Json.GetProperty("recoveryCodes")[9].GetString()!));
    }

    [Fact]
    public async Task Ticket_PastItsLifetimeOrTries_IsRefused()
    {
        var (_, secret, _) = await EnrolAsync("a@example.com");
        var old = await LoginAsync();
        App.Clock.Advance(SignInTickets.Lifetime);
        (await SecondAsync(old, Code(secret))).IsProblem(HttpStatusCode.Unauthorized, "invalid_ticket");
        (await App.PostAsync("/api/auth/login/second-factor", new { ticket = "x", code = Code(secret) })).IsProblem(HttpStatusCode.Unauthorized, "invalid_ticket");
        (await App.PostAsync("/api/auth/login/second-factor", new { })).NamesFields("ticket", "code");
    }

    [Fact]
    public async Task Code_GuessedTooOften_Returns429_OnNewTicketsToo()
    {
        var (_, secret, _) = await EnrolAsync("a@example.com");
        var ticket = await LoginAsync();
        for (var i = 0; i < 5; i++) (await SecondAsync(ticket, "00000a")).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        (await SecondAsync(ticket, Code(secret))).IsProblem(HttpStatusCode.Unauthorized, "invalid_ticket");
        (await SecondAsync(await LoginAsync(), Code(secret))).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
        App.Clock.Advance(TimeSpan.FromMinutes(1));
        SignedInUser.Of(await SecondAsync(await LoginAsync(), Code(secret)));
    }

    [Fact]
    public async Task Reset_OfThePassword_DoesNotGoAroundIt()
    {
        await EnrolAsync("a@example.com");
        await App.PostAsync("/api/auth/password/forgotten", new { email = "a@example.com" });
        var reset = await App.PostAsync("/api/auth/password/reset", new { token = await App.LinkTokenAsync("a@example.com"), password = "a password of tomorrow" });
        Assert.Equal(HttpStatusCode.NoContent, reset.Status);
        Assert.Equal(HttpStatusCode.Accepted, (await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = "a password of tomorrow" })).Status);
    }

    [Fact]
    public async Task Exchange_OfASignInCode_DoesNotGoAroundIt()
    {
        var (user, secret, _) = await EnrolAsync("a@example.com");
        var code = await App.Services.GetRequiredService<SignInCodes>().CreateAsync(Guid.Parse(user.Id), TimeSpan.FromMinutes(1), CancellationToken.None);
        var first = await App.PostAsync("/api/auth/exchange", new { code });
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        SignedInUser.Of(await SecondAsync(first, Code(secret)));
    }

    [Fact]
    public async Task Reauthenticate_WithAnApp_WantsItsCodeToo()
    {
        var (user, secret, _) = await EnrolAsync("a@example.com");
        object password = new { password = ControlPlaneApp.Password };
        (await App.PostAsync("/api/auth/reauthenticate", password, user.AccessToken, user.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        SignedInUser.Of(await App.PostAsync(
            "/api/auth/reauthenticate", new { password = ControlPlaneApp.Password, code = Code(secret) }, user.AccessToken, user.RefreshToken));
    }

    [Fact]
    public async Task Remove_TurnsItOff_AndSaysSo()
    {
        var (user, _, _) = await EnrolAsync("a@example.com");
        Assert.Contains("asks for a second factor", await App.MailAsync("a@example.com"), StringComparison.Ordinal);
        Assert.True((await App.GetAsync(Path, user.AccessToken)).Json.GetProperty("isOn").GetBoolean());
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, Path, accessToken: user.AccessToken)).Status);
        Assert.Contains("does not ask", await App.MailAsync("a@example.com"), StringComparison.Ordinal);
        SignedInUser.Of(await LoginAsync());
        (await App.SendAsync(HttpMethod.Delete, Path, accessToken: user.AccessToken)).IsProblem(HttpStatusCode.Conflict, "second_factor_off");
        (await App.PostAsync(Path + "/recovery-codes", accessToken: user.AccessToken)).IsProblem(HttpStatusCode.Conflict, "second_factor_off");
    }

    [Fact]
    public async Task Enrol_ASecondApp_IsRefusedUntilTheFirstIsOff()
    {
        var (user, _, _) = await EnrolAsync("a@example.com");
        (await App.PostAsync(Path, accessToken: user.AccessToken)).IsProblem(HttpStatusCode.Conflict, "second_factor_on");
    }

    [Fact]
    public async Task Enrol_WithoutItsCode_IsNotOn()
    {
        var user = await App.SignInAsync("a@example.com");
        var begun = await App.PostAsync(Path, accessToken: user.AccessToken);
        Assert.StartsWith($"otpauth://totp/Movento:a%40example.com?secret={begun.Json.GetProperty("secret").GetString()}", begun.Json.GetProperty("uri").GetString(), StringComparison.Ordinal);
        (await App.PostAsync(Path + "/confirm", new { code = "abc" }, user.AccessToken)).NamesFields("code");
        (await App.PostAsync(Path + "/confirm", new { }, user.AccessToken)).NamesFields("code");
        SignedInUser.Of(await LoginAsync());
    }

    [Fact]
    public async Task Enrol_LongAfterTheSignIn_WantsThePasswordAgain()
    {
        var user = await App.SignInAsync("a@example.com");
        App.Clock.Advance(TimeSpan.FromMinutes(11));
        (await App.PostAsync(Path, accessToken: user.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
        (await App.SendAsync(HttpMethod.Delete, Path, accessToken: user.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "reauthentication_required");
    }

    [Fact]
    public async Task WhatTheDatabaseKeeps_HoldsNoSecretAndNoCode()
    {
        var (_, secret, codes) = await EnrolAsync("a@example.com");
        await using var connection = await App.Identity.OpenConnectionAsync();
        var kept = string.Join('\n', await connection.QueryAsync<string>("SELECT a::text FROM authenticators a UNION ALL SELECT r::text FROM recovery_codes r"));
        Assert.DoesNotContain(Convert.ToHexStringLower(secret), kept, StringComparison.Ordinal);
        Assert.All(codes, code => Assert.DoesNotContain(code.Replace("-", "", StringComparison.Ordinal), kept, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<(SignedInUser User, byte[] Secret, string[] RecoveryCodes)> EnrolAsync(string email)
    {
        var user = await App.SignInAsync(email);
        var begun = await App.PostAsync(Path, accessToken: user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, begun.Status);
        var secret = Decode(begun.Json.GetProperty("secret").GetString()!);
        var confirmed = await App.PostAsync(Path + "/confirm", new { code = Code(secret) }, user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, confirmed.Status);
        // The code of this step is used up.
        App.Clock.Advance(TimeBasedCode.Step);
        return (user, secret, confirmed.Json.GetProperty("recoveryCodes").Deserialize<string[]>()!);
    }

    private Task<Answer> LoginAsync() => App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password });

    private Task<Answer> SecondAsync(Answer first, string code) =>
        App.PostAsync("/api/auth/login/second-factor", new { ticket = first.Json.GetProperty("ticket").GetString(), code });

    private string Code(byte[] secret) => TimeBasedCode.Of(secret, TimeBasedCode.StepOf(App.Clock.Now));

    private static byte[] Decode(string base32)
    {
        var bits = string.Concat(base32.Select(c => Convert.ToString(Base32.Alphabet.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
