using System.Net;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests.Admission.CommonAccess;

/// <summary>Common Access Tokens at a real edge: where they may stand, and what they open.</summary>
public class CommonAccessTests(MintedTokens minted) : IClassFixture<MintedTokens>
{
    private static readonly string Folder = $"/assets/{Film.Asset}/v1/";

    [Fact]
    public async Task Token_InPathQueryOrHeader_IsOpen()
    {
        await using var edge = await StartAsync();
        var token = minted["edge"];
        foreach (var file in new[] { "master.m3u8", "v720.mp4", "segments/v720/1.m4s" })
        {
            await AssertAsync(edge, HttpStatusCode.OK, HttpMethod.Get, $"/{token}{Folder}{file}");
            await AssertAsync(edge, HttpStatusCode.OK, HttpMethod.Get, $"{Folder}{file}?CMCD=x&CAT={token}");
            await AssertAsync(edge, HttpStatusCode.OK, HttpMethod.Get, $"{Folder}{file}?cat={token}&CMCD=x");
            await AssertAsync(edge, HttpStatusCode.OK, HttpMethod.Get, $"{Folder}{file}", Visitors.TokenHeader, token);
            await AssertAsync(edge, HttpStatusCode.Forbidden, HttpMethod.Get, $"{Folder}{file}");
            await AssertAsync(edge, HttpStatusCode.Forbidden, HttpMethod.Get, $"{Folder}{file}?xcat={token}");
            await AssertAsync(edge, HttpStatusCode.Forbidden, HttpMethod.Get, $"{Folder}{file}", "Cookie", $"CTA-Common-Access-Token={token}");
        }

        // The one in the path counts alone.
        await AssertAsync(edge, HttpStatusCode.Forbidden, HttpMethod.Get, $"/x{Folder}master.m3u8", Visitors.TokenHeader, token);
    }

    [Fact]
    public async Task Token_OfAnotherPathMethodOrNetwork_IsCountedByName()
    {
        await using var edge = await StartAsync();
        var refused = new (string Name, EdgeOutcome Outcome)[]
        {
            ("another path", EdgeOutcome.TokenOfAnotherPath), ("another method", EdgeOutcome.TokenOfAnotherMethod),
            ("another network", EdgeOutcome.TokenOfAnotherNetwork), ("another issuer", EdgeOutcome.TokenOfAnotherIssuer),
            ("replay", EdgeOutcome.TokenUnknownClaim),
        };
        foreach (var (name, outcome) in refused)
        {
            // The second time it is remembered, and as closed.
            for (var round = 0; round < 2; round++) await AssertAsync(edge, HttpStatusCode.Forbidden, HttpMethod.Get, $"/{minted[name]}{Folder}master.m3u8");
            await Eventually.TrueAsync(() => edge.Figures.Of(outcome) == 2, $"{name} is counted as {outcome}");
        }

        await AssertAsync(edge, HttpStatusCode.OK, HttpMethod.Head, $"/{minted["another method"]}{Folder}master.m3u8");
        await AssertAsync(edge, HttpStatusCode.OK, HttpMethod.Get, $"/{minted["this host"]}{Folder}master.m3u8");
        await AssertAsync(edge, HttpStatusCode.Forbidden, HttpMethod.Get, $"/{minted["this host"]}{Folder}master.m3u8", "Host", "127.0.0.2");
    }

    [Fact]
    public async Task Token_WithoutAKeyOfItsIssuer_IsRefused()
    {
        await using var edge = await EdgeHost.StartAsync();
        await AssertAsync(edge, HttpStatusCode.Forbidden, HttpMethod.Get, $"/{minted["edge"]}{Folder}master.m3u8");
    }

    private static async Task<EdgeHost> StartAsync()
    {
        var edge = await EdgeHost.StartAsync();
        edge.PlaybackKeys.Replace(new PlaybackKeyRing(new Dictionary<byte, byte[]> { [1] = new byte[32] }, 1, [MintedTokens.Key]));
        return edge;
    }

    private static async Task AssertAsync(EdgeHost edge, HttpStatusCode status, HttpMethod method, string path, params string[] headers)
    {
        using var response = await edge.SendAsync(method, path, headers);
        Assert.True(status == response.StatusCode, $"{method} {path} is {(int)response.StatusCode}");
    }
}
