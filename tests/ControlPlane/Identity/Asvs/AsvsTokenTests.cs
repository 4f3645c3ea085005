using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Identity.Asvs;

/// <summary>OWASP ASVS 5.0, chapter 9, self-contained tokens: levels 1 and 2, a test each, over tokens that are forged by hand.</summary>
public sealed class AsvsTokenTests(ControlPlaneFixture fixture) : AsvsTest(fixture)
{
    private static readonly string Older = ControlPlaneApp.OlderKey;
    private static readonly string Newer = ControlPlaneApp.SigningKey;

    [Fact]
    public async Task V9_1_1_Tokens_WithoutOurSignature_AreRefused()
    {
        var stranger = ControlPlaneApp.NewKey();
        await RefusedAsync(Forge(stranger));
        await RefusedAsync(Forge(stranger, header: header => header["kid"] = TokenForge.Kid(Newer)));
        await RefusedAsync(TokenForge.WithClaims(Forge(Newer), claims => claims["roles"] = new JsonArray("viewer", "admin")));
        var signed = TokenForge.Unsigned(Newer, App.Clock.Now);
        await RefusedAsync($"{signed}.{Base64Url.EncodeToString(new byte[64])}");
        await RefusedAsync($"{signed}.");
        await RefusedAsync(signed);
        await RefusedAsync("x");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("HS256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    public async Task V9_1_2_Algorithms_OtherThanES256_AreRefused(string algorithm)
    {
        var named = Forge(Newer, header: header => header["alg"] = algorithm);
        await RefusedAsync(named);
        await RefusedAsync(named[..(named.LastIndexOf('.') + 1)]);
    }

    [Fact]
    public async Task V9_1_2_ThePublicKey_IsNoSecretOfAnHmac()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Newer);
        foreach (var secret in new[]
                 {
                     Encoding.UTF8.GetBytes(key.ExportSubjectPublicKeyInfoPem()),
                     Encoding.UTF8.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n"),
                     key.ExportSubjectPublicKeyInfo(),
                     Encoding.UTF8.GetBytes((await App.GetAsync("/.well-known/jwks.json")).Text),
                 })
        {
            var signed = TokenForge.Unsigned(Newer, App.Clock.Now, header: header => header["alg"] = "HS256");
            await RefusedAsync($"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}");
        }
    }

    [Fact]
    public async Task V9_1_3_Keys_ThatATokenBringsOrPointsTo_AreNotUsed()
    {
        var stranger = ControlPlaneApp.NewKey();
        await RefusedAsync(Forge(stranger, header: header => header["jwk"] = TokenForge.PublicKey(stranger)));
        await RefusedAsync(Forge(stranger, header: header => header["jku"] = "https://stranger.example/jwks.json"));
        await RefusedAsync(Forge(stranger, header: header => header["x5u"] = "https://stranger.example/key.pem"));
        await RefusedAsync(Forge(Newer, header: header => header["kid"] = TokenForge.Kid(Older)));
        await RefusedAsync(Forge(Newer, header: header => header["kid"] = "unknown"));
        await RefusedAsync(Forge(Newer, header: header => header.Remove("kid")));
    }

    [Fact]
    public async Task V9_2_1_Tokens_CountWithinTheirTimeOnly()
    {
        var user = await App.SignInAsync(Email);
        App.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync("/api/users/me", user.AccessToken)).Status);
        // The half minute is what clocks may be apart.
        App.Clock.Advance(TimeSpan.FromSeconds(30));
        await RefusedAsync(user.AccessToken);
        await RefusedAsync(Forge(Newer, claims => claims["nbf"] = App.Clock.Now.ToUnixTimeSeconds() + 60));
        await RefusedAsync(Forge(Newer, claims => claims.Remove("exp")));
    }

    [Fact]
    public async Task V9_2_2_Tokens_OfAnotherType_AreRefused()
    {
        await RefusedAsync(Forge(Newer, header: header => header["typ"] = "JWT"));
        await RefusedAsync(Forge(Newer, header: header => header["typ"] = "id+jwt"));
        await RefusedAsync(Forge(Newer, header: header => header.Remove("typ")));
    }

    [Fact]
    public async Task V9_2_3_Tokens_ForAnotherService_AreRefused()
    {
        await RefusedAsync(Forge(Newer, claims => claims["aud"] = "another-api"));
        await RefusedAsync(Forge(Newer, claims => claims.Remove("aud")));
        await RefusedAsync(Forge(Newer, claims => claims["iss"] = "somebody"));
    }

    [Fact]
    public async Task V9_2_4_Tokens_NameTheOneServiceThatTheyAreFor_AndPlaybackHasKeysOfItsOwn()
    {
        var user = await App.SignInAsync(Email);
        Assert.Equal("movento-api", (string?)JsonNode.Parse(Base64Url.DecodeFromChars(user.AccessToken.Split('.')[1]))!["aud"]);
        var granted = await App.PostAsync($"/api/streaming/{await App.PublishAsync("A")}/grant", accessToken: user.AccessToken);
        var playback = granted.Json.GetProperty("hlsUrl").GetString()!.Split('/')[3];
        Assert.Equal(PlaybackTokenOutcome.Valid, new PlaybackTokenVerifier(App.PlaybackKeys).Verify(playback, App.Clock.Now, out _));
        await RefusedAsync(playback);
        Assert.NotEqual(PlaybackTokenOutcome.Valid, new PlaybackTokenVerifier(App.PlaybackKeys).Verify(user.AccessToken, App.Clock.Now, out _));
    }

    private string Forge(string pem, Action<JsonObject>? claims = null, Action<JsonObject>? header = null) => TokenForge.Make(pem, App.Clock.Now, claims, header);

    private async Task RefusedAsync(string token)
    {
        var answer = await App.PostAsync($"/api/streaming/{new string('0', 32)}/grant", accessToken: token);
        answer.IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }
}
