using System.Net;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Identity.Passwords;
using Movento.ControlPlane.Identity.SecondFactor;

namespace Movento.ControlPlane.Tests.Identity.Asvs;

/// <summary>OWASP ASVS 5.0, chapter 6, authentication: levels 1 and 2, as far as they apply (docs/asvs.md), a test each.</summary>
public sealed class AsvsAuthenticationTests(ControlPlaneFixture fixture) : AsvsTest(fixture)
{
    private const string NewPassword = "a password of tomorrow";

    [Fact]
    public void V6_1_1_Limits_AreDocumentedWithTheirSettings() => Assert.All(
        [
            nameof(ControlPlaneOptions.SignInFailuresPerAccountAndAddress), nameof(ControlPlaneOptions.SignInFailuresPerAccount),
            nameof(ControlPlaneOptions.SignInFailuresPerAddress), nameof(ControlPlaneOptions.SignInWindow), "movento_device",
        ],
        setting => Assert.Contains(setting, Documentation, StringComparison.Ordinal));

    [Fact]
    public void V6_1_2_ContextWords_AreDocumented() => Assert.All(ContextWords.All, word => Assert.Contains(word, Documentation, StringComparison.Ordinal));

    [Fact]
    public void V6_1_3_WaysToAuthenticate_AreDocumented() => Assert.All(AnonymousWays(), way => Assert.Contains($"`{way}`", Documentation, StringComparison.Ordinal));

    [Fact]
    public async Task V6_2_1_Password_OfSevenCharacters_IsRefused() => (await RegisterAsync("sevench")).NamesFields("password");

    [Fact]
    public async Task V6_2_2_Password_CanBeChanged()
    {
        await ChangeAsync(await App.SignInAsync(Email), ControlPlaneApp.Password, HttpStatusCode.NoContent);
        SignedInUser.Of(await LoginAsync(NewPassword));
    }

    [Fact]
    public async Task V6_2_3_Change_NeedsTheCurrentPassword()
    {
        var user = await App.SignInAsync(Email);
        await ChangeAsync(user, null, HttpStatusCode.BadRequest);
        await ChangeAsync(user, "not the password", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task V6_2_4_CommonPasswords_AreRefusedAtRegistrationAndAtChange()
    {
        var list = typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(list);
        var words = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(words.Count(word => word.Length is >= PasswordRules.MinLength and <= PasswordRules.MaxLength) >= 3000);
        (await RegisterAsync("iloveyou1")).NamesFields("password");
        var user = await App.SignInAsync(Email);
        (await App.PostAsync("/api/auth/password", new { currentPassword = ControlPlaneApp.Password, newPassword = "iloveyou1" }, user.AccessToken)).NamesFields("newPassword");
    }

    [Theory]
    [InlineData("alllowercaseletters")]
    [InlineData("ALLUPPERCASELETTERS")]
    [InlineData("59283746510")]
    [InlineData("%&/()=?*+#-_")]
    [InlineData("pässwörter mit umlaut")]
    public async Task V6_2_5_Passwords_OfAnyComposition_AreTaken(string password) => Assert.Equal(HttpStatusCode.Created, (await RegisterAsync(password)).Status);

    [Fact]
    public void V6_2_6_PasswordFields_MaskTheirEntry()
    {
        Assert.Contains("type=\"password\"", Page("pages/reset.html"), StringComparison.Ordinal);
        Assert.Contains("type: 'password'", Page("js/page/sign-in.js"), StringComparison.Ordinal);
    }

    [Fact]
    public void V6_2_7_Pages_LetPasswordManagersAndPasteThrough()
    {
        Assert.Contains("current-password", Page("js/page/sign-in.js"), StringComparison.Ordinal);
        Assert.Contains("new-password", Page("pages/reset.html"), StringComparison.Ordinal);
        Assert.All(["js/page/sign-in.js", "js/page/link-token.js", "js/reset/reset.js"], script => Assert.DoesNotContain("paste", Page(script), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task V6_2_8_Password_IsVerifiedExactlyAsItIs()
    {
        const string Exact = " Ümlaut and spaces at both ends ";
        await RegisterAsync(Exact);
        foreach (var other in new[] { Exact.Trim(), Exact.ToLowerInvariant(), Exact + "x" })
            (await LoginAsync(other)).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        SignedInUser.Of(await LoginAsync(Exact));
    }

    [Fact]
    public async Task V6_2_9_Password_Of128Characters_IsTakenWhole()
    {
        var longest = string.Concat(Enumerable.Range(0, 128).Select(i => (char)('a' + (i % 26))));
        await RegisterAsync(longest);
        (await LoginAsync(longest[..127] + "!")).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        SignedInUser.Of(await LoginAsync(longest));
    }

    [Fact]
    public async Task V6_2_10_Password_StaysValidForYears()
    {
        await App.AddUserAsync(Email);
        App.Clock.Advance(TimeSpan.FromDays(3650));
        SignedInUser.Of(await LoginAsync(ControlPlaneApp.Password));
    }

    [Fact]
    public async Task V6_2_11_Password_OfContextWords_IsRefused()
    {
        (await RegisterAsync("Movento2026!")).NamesFields("password");
        (await RegisterAsync("streaming-movies")).NamesFields("password");
    }

    [Fact]
    public async Task V6_2_12_Password_ThatLeakedOften_IsRefused() => (await RegisterAsync("qwertyuiop")).NamesFields("password");

    [Fact]
    public async Task V6_3_1_GuessesAtOneAccount_AreStopped()
    {
        App.Options.SignInFailuresPerAccountAndAddress = 3;
        await App.AddUserAsync(Email);
        for (var i = 0; i < 3; i++) (await LoginAsync($"guess number {i}")).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        (await LoginAsync("guess number 4")).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
    }

    [Fact]
    public async Task V6_3_2_DefaultAccounts_DoNotExist()
    {
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.Equal(0, await connection.QuerySingleAsync<int>("SELECT count(*) FROM users"));
        foreach (var name in new[] { "root@localhost", "admin@localhost", "sa@localhost" })
            (await App.PostAsync("/api/auth/login", new { email = name, password = "admin" })).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task V6_3_3_SecondFactor_OnceOn_IsDemandedOfEverySignIn()
    {
        await EnrolAsync();
        var first = await LoginAsync(ControlPlaneApp.Password);
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.False(first.Json.TryGetProperty("accessToken", out _));
        Assert.False(first.Json.GetProperty("mustEnrol").GetBoolean());
    }

    [Fact]
    public async Task V6_3_3_SecondFactor_WhereItIsRequired_IsEnrolledBeforeAnythingElse()
    {
        await App.AddUserAsync(Email, "viewer", "editor");
        App.Options.SecondFactorRequiredFor = ["editor", "admin"];
        var first = await LoginAsync(ControlPlaneApp.Password);
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.True(first.Json.GetProperty("mustEnrol").GetBoolean());
        Assert.False(first.Headers.Contains("Set-Cookie"));
        var ticket = first.Json.GetProperty("ticket").GetString();
        (await SecondAsync(first, "000000")).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");

        var begun = await App.PostAsync("/api/auth/login/enrolment", new { ticket });
        var secret = Decode(begun.Json.GetProperty("secret").GetString()!);
        (await App.PostAsync("/api/auth/login/enrolment/confirm", new { ticket, code = "x" })).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        var confirmed = await App.PostAsync("/api/auth/login/enrolment/confirm", new { ticket, code = Code(secret) });
        var user = SignedInUser.Of(confirmed);
        Assert.Equal(10, confirmed.Json.GetProperty("recoveryCodes").GetArrayLength());
        Assert.True((await App.GetAsync(SecondFactorPath, user.AccessToken)).Json.GetProperty("isOn").GetBoolean());
        Assert.Contains("asks for a second factor", await App.MailAsync(Email), StringComparison.Ordinal);

        // Neither the ticket again, nor a new one, leads around what is on now.
        (await App.PostAsync("/api/auth/login/enrolment", new { ticket })).IsProblem(HttpStatusCode.Unauthorized, "invalid_ticket");
        var second = (await LoginAsync(ControlPlaneApp.Password)).Json.GetProperty("ticket").GetString();
        (await App.PostAsync("/api/auth/login/enrolment", new { ticket = second })).IsProblem(HttpStatusCode.Conflict, "second_factor_on");
        (await App.PostAsync("/api/auth/login/enrolment/confirm", new { ticket = second, code = Code(secret) })).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");

        // Whoever takes it off is signed out by that, and enrols another one to come back.
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, SecondFactorPath, accessToken: user.AccessToken)).Status);
        (await App.GetAsync("/api/users/me", user.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.True((await LoginAsync(ControlPlaneApp.Password)).Json.GetProperty("mustEnrol").GetBoolean());
    }

    [Fact]
    public async Task V6_3_3_SecondFactor_OfARoleThatCameLater_EndsTheSessionWithoutOne()
    {
        App.Options.SecondFactorRequiredFor = ["editor"];
        var user = await App.SignInAsync(Email);
        var refreshed = SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: user.RefreshToken));
        await using var connection = await App.Identity.OpenConnectionAsync();
        await connection.ExecuteAsync("UPDATE users SET roles = '{viewer,editor}'");
        (await App.PostAsync("/api/auth/refresh", cookie: refreshed.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        (await App.GetAsync("/api/users/me", user.AccessToken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public void V6_3_4_WaysToAuthenticate_AreTheDocumentedOnes() => Assert.Equal(
        [
            "/api/auth/confirm", "/api/auth/confirmation", "/api/auth/exchange", "/api/auth/login", "/api/auth/login/enrolment",
            "/api/auth/login/enrolment/confirm", "/api/auth/login/second-factor", "/api/auth/logout",
            "/api/auth/password/forgotten", "/api/auth/password/reset", "/api/auth/refresh", "/api/auth/register",
        ],
        AnonymousWays());

    [Fact]
    public async Task V6_4_1_LinksOfMails_AreRandomAndExpireAndWorkOnce()
    {
        await App.AddUserAsync(Email);
        var (first, second) = (await AskResetAsync(), await AskResetAsync());
        Assert.NotEqual(first, second);
        Assert.Equal(43, first.Length);
        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(second)).Status);
        (await ResetAsync(second)).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
        var third = await AskResetAsync();
        App.Clock.Advance(TimeSpan.FromMinutes(30));
        (await ResetAsync(third)).IsProblem(HttpStatusCode.BadRequest, "invalid_link");
    }

    [Fact]
    public async Task V6_4_2_Hints_AreNotKept()
    {
        await App.PostAsync("/api/auth/register", new { email = Email, password = ControlPlaneApp.Password, hint = "horse", question = "Which animal?" });
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.DoesNotContain("horse", await connection.QuerySingleAsync<string>("SELECT u::text FROM users u"), StringComparison.Ordinal);
        Assert.DoesNotContain("animal", await connection.QuerySingleAsync<string>("SELECT u::text FROM users u"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task V6_4_3_Reset_DoesNotGoAroundTheSecondFactor()
    {
        await EnrolAsync();
        await ResetAsync(await AskResetAsync());
        Assert.Equal(HttpStatusCode.Accepted, (await LoginAsync(NewPassword)).Status);
    }

    [Fact]
    public async Task V6_4_4_SecondFactor_ThatIsLost_IsReplacedByARecoveryCodeOnly()
    {
        var (_, _, codes) = await EnrolAsync();
        var first = await LoginAsync(ControlPlaneApp.Password);
        (await SecondAsync(first, "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA")).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        var user = SignedInUser.Of(await SecondAsync(first, codes[0]));
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, SecondFactorPath, accessToken: user.AccessToken)).Status);
        await EnrolAsync(user);
    }

    [Fact]
    public async Task V6_5_1_Codes_WorkOnce()
    {
        var (_, secret, codes) = await EnrolAsync();
        SignedInUser.Of(await SecondAsync(await LoginAsync(ControlPlaneApp.Password), Code(secret)));
        (await SecondAsync(await LoginAsync(ControlPlaneApp.Password), Code(secret))).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
        SignedInUser.Of(await SecondAsync(await LoginAsync(ControlPlaneApp.Password), codes[0]));
        (await SecondAsync(await LoginAsync(ControlPlaneApp.Password), codes[0])).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
    }

    [Fact]
    public async Task V6_5_2_RecoveryCodes_HaveMoreThan112Bits_AndAreKeptHashed()
    {
        var (_, _, codes) = await EnrolAsync();
        Assert.All(codes, code => Assert.True(code.Count(Base32.Alphabet.Contains) * 5 >= 112));
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.All(await connection.QueryAsync<byte[]>("SELECT hash FROM recovery_codes"), hash => Assert.Equal(32, hash.Length));
    }

    [Fact]
    public async Task V6_5_3_Secrets_ComeFromTheSystemsGenerator()
    {
        // Twenty of them: no two alike, and every bit is there about as often as not.
        var user = await App.SignInAsync(Email);
        var secrets = new List<byte[]>();
        for (var i = 0; i < 20; i++)
            secrets.Add(Decode((await App.PostAsync(SecondFactorPath, accessToken: user.AccessToken)).Json.GetProperty("secret").GetString()!));
        Assert.Equal(20, secrets.Select(Convert.ToHexString).Distinct().Count());
        Assert.InRange(secrets.SelectMany(secret => secret).Sum(value => System.Numerics.BitOperations.PopCount(value)), 1400, 1800);
    }

    [Fact]
    public async Task V6_5_4_Codes_HaveAtLeast20Bits()
    {
        var (_, secret, codes) = await EnrolAsync();
        Assert.True(codes.All(code => code.Length >= 24));
        // Six digits are a tenth of a bit short of twenty, and are counted: five wrong ones, then waiting.
        Assert.Equal(6, Code(secret).Length);
    }

    [Fact]
    public async Task V6_5_5_Codes_EndWithTheirTime()
    {
        var (_, secret, _) = await EnrolAsync();
        var code = Code(secret);
        App.Clock.Advance(TimeBasedCode.Step * 2);
        (await SecondAsync(await LoginAsync(ControlPlaneApp.Password), code)).IsProblem(HttpStatusCode.Unauthorized, "invalid_code");
    }

    private string[] AnonymousWays() =>
        [.. App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/auth/", StringComparison.Ordinal) && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Order(StringComparer.Ordinal)];

    private Task<Answer> RegisterAsync(string password) => App.PostAsync("/api/auth/register", new { email = Email, password });

    private async Task ChangeAsync(SignedInUser user, string? currentPassword, HttpStatusCode expected) =>
        Assert.Equal(expected, (await App.PostAsync("/api/auth/password", new { currentPassword, newPassword = NewPassword }, user.AccessToken)).Status);

    private async Task<string> AskResetAsync()
    {
        await App.PostAsync("/api/auth/password/forgotten", new { email = Email });
        return await App.LinkTokenAsync(Email);
    }

    private Task<Answer> ResetAsync(string token) => App.PostAsync("/api/auth/password/reset", new { token, password = NewPassword });
}
