using System.Buffers.Text;
using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Identity;

/// <summary>Access tokens, read and forged without the library that makes and checks them.</summary>
public sealed class AccessTokenTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private static readonly string Older = ControlPlaneApp.OlderKey;
    private static readonly string Newer = ControlPlaneApp.SigningKey;

    [Fact]
    public async Task Token_OfASignIn_SaysWhatRfc9068Asks()
    {
        var user = await App.SignInAsync("a@example.com", "viewer", "editor");
        var (header, claims) = Read(user.AccessToken);

        Assert.Equal("ES256", (string?)header["alg"]);
        Assert.Equal("at+jwt", (string?)header["typ"]);
        Assert.Equal("movento", (string?)claims["iss"]);
        Assert.Equal("movento-api", (string?)claims["aud"]);
        Assert.Equal(user.Id, (string?)claims["sub"]);
        Assert.Equal(["viewer", "editor"], claims["roles"]!.AsArray().Select(role => (string)role!));
        Assert.Equal(App.Clock.Now.ToUnixTimeSeconds(), (long?)claims["iat"]);
        Assert.Equal(App.Clock.Now.ToUnixTimeSeconds() + 900, (long?)claims["exp"]);
        Assert.Matches("^[0-9a-f]{32}$", (string?)claims["jti"]);
        Assert.Matches("^[0-9a-f]{32}$", (string?)claims["sid"]);
        Assert.DoesNotContain("a@example.com", claims.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_OfAViewer_StillHasAnArrayOfRoles()
    {
        var (_, claims) = Read((await App.SignInAsync("a@example.com")).AccessToken);
        Assert.Equal(["viewer"], claims["roles"]!.AsArray().Select(role => (string)role!));
    }

    [Fact]
    public async Task Token_ByTheJwks_VerifiesWithOpenSsl()
    {
        var token = (await App.SignInAsync("a@example.com")).AccessToken;
        var jwks = await App.GetAsync("/.well-known/jwks.json");
        Assert.Equal("application/jwk-set+json", jwks.ContentHeaders.ContentType?.MediaType);
        Assert.DoesNotContain("\"d\"", jwks.Text, StringComparison.Ordinal);
        var kid = (string?)Read(token).Header["kid"];
        var key = Assert.Single(jwks.Json.GetProperty("keys").EnumerateArray(), key => key.GetProperty("kid").GetString() == kid);

        using var folder = new TemporaryFolder();
        var parts = token.Split('.');
        await File.WriteAllTextAsync(folder.Combine("key.pem"), Pem(key));
        await File.WriteAllTextAsync(folder.Combine("signed"), $"{parts[0]}.{parts[1]}");
        await File.WriteAllBytesAsync(folder.Combine("signature"), Der(Base64Url.DecodeFromChars(parts[2])));
        Assert.Equal("Verified OK", await OpenSslAsync(
            "dgst", "-sha256", "-verify", folder.Combine("key.pem"), "-signature", folder.Combine("signature"), folder.Combine("signed")));

        await File.AppendAllTextAsync(folder.Combine("signed"), "x");
        Assert.NotEqual("Verified OK", await OpenSslAsync(
            "dgst", "-sha256", "-verify", folder.Combine("key.pem"), "-signature", folder.Combine("signature"), folder.Combine("signed")));
    }

    [Fact]
    public async Task Jwks_NamesEveryKeyByItsThumbprint_TheSigningOneFirst()
    {
        var jwks = await App.GetAsync("/.well-known/jwks.json");
        var keys = jwks.Json.GetProperty("keys").EnumerateArray().ToArray();
        Assert.Equal([TokenForge.Kid(Newer), TokenForge.Kid(Older)], keys.Select(key => key.GetProperty("kid").GetString()!));
        Assert.All(keys, key =>
        {
            Assert.Equal(
                ["alg", "crv", "kid", "kty", "use", "x", "y"], key.EnumerateObject().Select(member => member.Name).Order());
            Assert.Equal("ES256", key.GetProperty("alg").GetString());
            Assert.Equal("sig", key.GetProperty("use").GetString());
        });
        Assert.Equal(TimeSpan.FromMinutes(5), jwks.Headers.CacheControl?.MaxAge);
    }

    [Fact]
    public async Task Token_SignedByHand_IsTakenWithEitherKey()
    {
        await AssertTakenAsync(TokenForge.Make(Newer, App.Clock.Now));
        await AssertTakenAsync(TokenForge.Make(Older, App.Clock.Now));
    }

    [Fact]
    public async Task Me_SignedIn_IsTheAccount()
    {
        var user = await App.SignInAsync("a@example.com", "viewer", "editor");
        var me = await App.GetAsync("/api/users/me", user.AccessToken);
        Assert.Equal(HttpStatusCode.OK, me.Status);
        Assert.Equal(user.Id, me.Json.GetProperty("id").GetString());
        Assert.Equal("a@example.com", me.Json.GetProperty("email").GetString());
        Assert.Equal("Somebody", me.Json.GetProperty("name").GetString());
        Assert.Equal(["viewer", "editor"], me.Json.GetProperty("roles").EnumerateArray().Select(role => role.GetString()!));
        Assert.Equal("no-store", me.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Me_WithoutAToken_Returns401WithAChallenge()
    {
        var answer = await App.GetAsync("/api/users/me");
        answer.IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    private async Task AssertTakenAsync(string token)
    {
        // The token is good; only its user does not exist.
        var answer = await App.GetAsync("/api/users/me", token);
        answer.IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Empty(answer.Headers.WwwAuthenticate);
        (await App.PostAsync($"/api/streaming/{new string('0', 32)}/grant", accessToken: token)).IsProblem(HttpStatusCode.NotFound, "not_found");
    }

    private static (JsonObject Header, JsonObject Claims) Read(string token)
    {
        var parts = token.Split('.').Take(2).Select(part => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject()).ToArray();
        return (parts[0], parts[1]);
    }

    private static string Pem(JsonElement jwk)
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q =
            {
                X = Base64Url.DecodeFromChars(jwk.GetProperty("x").GetString()),
                Y = Base64Url.DecodeFromChars(jwk.GetProperty("y").GetString()),
            },
        });
        return key.ExportSubjectPublicKeyInfoPem();
    }

    // JWS has the two numbers side by side (RFC 7518 §3.4), OpenSSL wants them as DER.
    private static byte[] Der(byte[] signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(signature.AsSpan(0, 32).TrimStart((byte)0));
            writer.WriteIntegerUnsigned(signature.AsSpan(32).TrimStart((byte)0));
        }

        return writer.Encode();
    }

    private static async Task<string> OpenSslAsync(params string[] arguments) =>
        (await Tool.RunAsync("openssl", arguments)).Output.Trim();
}
