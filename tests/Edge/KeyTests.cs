using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Movento.Contracts;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

public class KeyTests(SharedEdge shared) : IClassFixture<SharedEdge>
{
    // HMAC-SHA-256 of the label, the asset and this id under 32 times 0x02, made with openssl:
    // printf 'movento content key 1' | cat - <(xxd -r -p <<< 0192f0c1a2b37c4d8e5f60718293a4b500112233445566778899aabbccddeeff) |
    //   openssl dgst -sha256 -mac HMAC -macopt hexkey:0202…02
    private const string KeyId = "00112233445566778899aabbccddeeff";
    private const string Key = "d37af94a4a3e1d96450e4c20983fcbfa";

    private readonly EdgeHost _edge = shared.Host;

    [Fact]
    public async Task Key_OfTheVersion_IsItsSixteenBytes()
    {
        using var response = await _edge.GetAsync($"keys/{KeyId}", "Origin", "https://watch.example");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/octet-stream", EdgeHost.ContentType(response));
        Assert.Equal("no-store", EdgeHost.Header(response, "Cache-Control"));
        Assert.Equal("*", EdgeHost.Header(response, "Access-Control-Allow-Origin"));
        Assert.Null(EdgeHost.Header(response, "ETag"));
        Assert.Equal(Key, Convert.ToHexStringLower(await response.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task License_ForKeysOfTheVersion_HasThem()
    {
        using var response = await PostAsync($$"""{"kids":["{{Base64(KeyId)}}"],"type":"temporary"}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", EdgeHost.ContentType(response));
        Assert.Equal("no-store", EdgeHost.Header(response, "Cache-Control"));
        using var license = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("temporary", license.RootElement.GetProperty("type").GetString());
        var key = Assert.Single(license.RootElement.GetProperty("keys").EnumerateArray());
        Assert.Equal("oct", key.GetProperty("kty").GetString());
        Assert.Equal(Base64(KeyId), key.GetProperty("kid").GetString());
        Assert.Equal(Base64(Key), key.GetProperty("k").GetString());
    }

    // Of another id; of a rendition that only names a DRM system.
    [Theory]
    [InlineData("00112233445566778899aabbccddeef0")]
    [InlineData(Film.HiddenKeyId)]
    public async Task Key_ThatTheVersionDoesNotGiveOut_Is404(string keyId)
    {
        using var response = await _edge.GetAsync($"keys/{keyId}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        using var license = await PostAsync($$"""{"kids":["{{Base64(KeyId)}}","{{Base64(keyId)}}"]}""");
        Assert.Equal(HttpStatusCode.NotFound, license.StatusCode);
        Assert.DoesNotContain("\"k\"", await license.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys/00112233445566778899AABBCCDDEEFF")]
    [InlineData("keys/0011")]
    [InlineData("keys/")]
    [InlineData("segments/keys/00112233445566778899aabbccddeeff")]
    [InlineData("segments/license")]
    public async Task Key_SpelledOtherwise_Is404(string file)
    {
        using var response = await _edge.GetAsync(file);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Keys_WithoutAGoodToken_Are403()
    {
        foreach (var token in new[]
        {
            "", "nonsense", _edge.Token(PlaybackScope.Pictures), _edge.Token(asset: AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b6")),
            _edge.Token(lifetime: TimeSpan.FromSeconds(-1)),
        })
        {
            var version = $"{(token.Length > 0 ? $"/{token}" : "")}/assets/{Film.Asset}/v{Film.Version}";
            using var key = await _edge.SendAsync(HttpMethod.Get, $"{version}/keys/{KeyId}");
            Assert.Equal(HttpStatusCode.Forbidden, key.StatusCode);
            using var license = await PostAsync($$"""{"kids":["{{Base64(KeyId)}}"]}""", $"{version}/license");
            Assert.Equal(HttpStatusCode.Forbidden, license.StatusCode);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"kids\":[]}")]
    [InlineData("{\"kids\":\"ABEiM0RVZneImaq7zN3u_w\"}")]
    [InlineData("{\"kids\":[1]}")]
    [InlineData("{\"kids\":[\"ABEiM0RVZneImaq7zN3u_w==\"]}")]
    [InlineData("{\"kids\":[\"ABEiM0RVZneImaq7zN3u/w\"]}")]
    [InlineData("{\"kids\":[\"ABEiM0RVZneImaq7zN3u_\"]}")]
    [InlineData("{\"kids\":[\"ABEiM0RVZneImaq7zN3u_w\"],\"kids\":[\"ABEiM0RVZneImaq7zN3u_w\"]}")]
    [InlineData("{\"kids\":[\"ABEiM0RVZneImaq7zN3u_w\"],\"type\":\"persistent-license\"}")]
    [InlineData("{\"kids\":[\"ABEiM0RVZneImaq7zN3u_w\"]} x")]
    [InlineData("{\"kids\":[\"ABEiM0RVZneImaq7zN3u_w\"]")]
    public async Task License_ForSomethingElse_Is400(string body)
    {
        using var response = await PostAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", EdgeHost.ContentType(response));
        Assert.Contains("license_malformed", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task License_OfALargeBody_Is413(bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _edge.Path("license")) { Content = new ByteArrayContent(new byte[70_000]) };
        request.Headers.TransferEncodingChunked = isChunked;
        using var response = await _edge.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task License_ByAnotherMethod_Is405()
    {
        using var response = await _edge.GetAsync("license");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("POST, OPTIONS", EdgeHost.Header(response, "Allow"));
    }

    [Fact]
    public async Task License_APreflight_AllowsJson()
    {
        using var response = await _edge.SendAsync(
            HttpMethod.Options, _edge.Path("license"),
            "Origin", "https://watch.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains("Content-Type", EdgeHost.Header(response, "Access-Control-Allow-Headers")!, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string? path = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return await _edge.Client.PostAsync(new Uri(path ?? _edge.Path("license"), UriKind.Relative), content);
    }

    private static string Base64(string hexadecimal) =>
        System.Buffers.Text.Base64Url.EncodeToString(Convert.FromHexString(hexadecimal));
}
