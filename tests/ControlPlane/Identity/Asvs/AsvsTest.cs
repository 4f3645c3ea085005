using System.Net;
using System.Text.Json;
using Movento.ControlPlane.Identity.SecondFactor;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Identity.Asvs;

/// <summary>What the tests of OWASP ASVS share: an account, its second factor, and what is written.</summary>
public abstract class AsvsTest(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    protected const string Email = "asvs@example.com";
    protected const string SecondFactorPath = "/api/users/me/second-factor";

    protected static string Documentation { get; } = File.ReadAllText(Path.Combine(Repository.Root, "docs/asvs.md"));

    protected static string Page(string path) => File.ReadAllText(Path.Combine(Repository.Root, "src/Web/wwwroot", path));

    protected Task<Answer> LoginAsync(string password) => App.PostAsync("/api/auth/login", new { email = Email, password });

    protected Task<Answer> SecondAsync(Answer first, string code) =>
        App.PostAsync("/api/auth/login/second-factor", new { ticket = first.Json.GetProperty("ticket").GetString(), code });

    protected string Code(byte[] secret) => TimeBasedCode.Of(secret, TimeBasedCode.StepOf(App.Clock.Now));

    protected async Task<(SignedInUser User, byte[] Secret, string[] RecoveryCodes)> EnrolAsync(SignedInUser? signedIn = null)
    {
        var user = signedIn ?? await App.SignInAsync(Email);
        var secret = Decode((await App.PostAsync(SecondFactorPath, accessToken: user.AccessToken)).Json.GetProperty("secret").GetString()!);
        var confirmed = await App.PostAsync(SecondFactorPath + "/confirm", new { code = Code(secret) }, user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, confirmed.Status);
        // The code of this step is used up.
        App.Clock.Advance(TimeBasedCode.Step);
        return (user, secret, confirmed.Json.GetProperty("recoveryCodes").Deserialize<string[]>()!);
    }

    protected static byte[] Decode(string base32)
    {
        var bits = string.Concat(base32.Select(c => Convert.ToString(Base32.Alphabet.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
