using System.Text.Json;
using Movento.Contracts;
using Movento.Harness;

namespace Movento.Edge.Tests.Admission.CommonAccess;

/// <summary>Tokens that <c>@eyevinn/cat</c> mints, once a run.</summary>
public sealed class MintedTokens : IAsyncLifetime
{
    public const string KeyId = "movento-tests";
    public const string Issuer = "eyevinn";
    public const string Session = "00112233445566778899aabbccddeeff";

    /// <summary>2 December 2026.</summary>
    public const long Expires = 1_796_169_600;

    public static readonly byte[] Secret = Enumerable.Range(0, 32).Select(value => (byte)value).ToArray();

    private Dictionary<string, string> _tokens = [];

    public static CommonAccessTokenKey Key => new(KeyId, Issuer, Secret);

    /// <summary>A quarter of an hour before the tokens expire.</summary>
    public static DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(Expires).AddMinutes(-15);

    /// <summary>The token of a case.</summary>
    public string this[string name] => _tokens[name];

    public async Task InitializeAsync()
    {
        // Ten years on for the edge, whose clock is the real one.
        var later = DateTimeOffset.UtcNow.AddYears(10).ToUnixTimeSeconds();
        var cases = new Dictionary<string, object>
        {
            ["plain"] = new { iss = Issuer, exp = Expires },
            ["everything"] = new
            {
                iss = Issuer, sub = "a viewer", iat = 1_700_000_000, exp = Expires, nbf = Expires - 3600, cti = Session, catv = 1,
                catu = new Dictionary<string, object>
                {
                    ["scheme"] = Match("exact-match", "https"), ["host"] = Match("suffix-match", ".example.com"), ["port"] = Match("exact-match", "8443"),
                    ["path"] = Match("prefix-match", "/assets/"), ["parent-path"] = Match("contains-match", "/v1"),
                    ["filename"] = Match("sha256-match", Hash("v720.mp4")), ["stem"] = Match("exact-match", "v720"), ["extension"] = Match("exact-match", ".mp4"),
                },
                catm = new[] { "GET", "HEAD" },
                catnip = new[] { "192.0.2.0/24", "203.0.113.7", "2001:db8::/32", "64500" },
            },
            ["not yet"] = new { iss = Issuer, exp = Expires, nbf = Expires - 60 },
            ["another issuer"] = new { iss = "somebody", exp = Expires },
            ["no issuer"] = new { exp = Expires },
            ["no expiry"] = new { iss = Issuer },
            ["another version"] = new { iss = Issuer, exp = Expires, catv = 2 },
            ["audience"] = new { iss = Issuer, exp = Expires, aud = "one" },
            ["replay"] = new { iss = Issuer, exp = Expires, catreplay = 1 },
            ["renewal"] = new { iss = Issuer, exp = Expires, catr = new { type = "header", expadd = 120 } },
            ["country"] = new { iss = Issuer, exp = Expires, catgeoiso3166 = new[] { "DE" } },
            ["query"] = new { iss = Issuer, exp = Expires, catu = new { query = Match("exact-match", "a=b") } },
            ["regex"] = new { iss = Issuer, exp = Expires, catu = new { path = Match("regex-match", new[] { ".*" }) } },
            ["edge"] = new
            {
                iss = Issuer, exp = later, cti = Session, catm = new[] { "GET" }, catnip = new[] { "127.0.0.0/8" },
                catu = new { path = Match("prefix-match", "/assets/0192f0c1a2b37c4d8e5f60718293a4b5/v1/") },
            },
            ["another path"] = new { iss = Issuer, exp = later, catu = new { path = Match("prefix-match", "/assets/0192f0c1a2b37c4d8e5f60718293a4b5/v2/") } },
            ["another method"] = new { iss = Issuer, exp = later, catm = new[] { "HEAD" } },
            ["another network"] = new { iss = Issuer, exp = later, catnip = new[] { "192.0.2.0/24", "64500" } },
            ["this host"] = new { iss = Issuer, exp = later, catu = new { scheme = Match("exact-match", "http"), host = Match("exact-match", "127.0.0.1") } },
        };
        var minted = await Tool.OutputAsync(
            "node", Repository.Combine("tests", "npm", "outside", "cat.mjs"), Convert.ToHexStringLower(Secret), KeyId, JsonSerializer.Serialize(cases));
        _tokens = JsonSerializer.Deserialize<Dictionary<string, string>>(minted)!;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static Dictionary<string, object> Match(string kind, object value) => new() { [kind] = value };

    private static string Hash(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
