using Movento.Contracts;

namespace Movento.ControlPlane.Delivery;

/// <summary>Signed URLs on the edge (docs/formats/playback-token.md).</summary>
internal sealed class EdgeUrls(PlaybackTokenSigner signer, ControlPlaneOptions options, TimeProvider time)
{
    /// <summary>How long the URL of a poster stays the same, so that browsers and caches keep the picture; it opens for as long
    /// again after that.</summary>
    private static readonly TimeSpan PosterPeriod = TimeSpan.FromHours(12);

    private readonly string _edge = options.EdgeUrl.TrimEnd('/');

    /// <summary>The poster, for anybody.</summary>
    public string Poster(AssetId asset, int version)
    {
        var period = time.GetUtcNow().UtcTicks / PosterPeriod.Ticks;
        var expires = new DateTimeOffset((period + 2) * PosterPeriod.Ticks, TimeSpan.Zero);
        var token = signer.Sign(new PlaybackClaims(asset, PlaybackScope.Pictures, expires, Guid.Empty));
        return $"{_edge}/{token}/{StorageKey.Poster(asset, version)}";
    }

    /// <summary>The folder of one version's manifests and media, for whoever was granted it; ends with '/'.</summary>
    public string Presentation(PlaybackClaims claims, int version) =>
        $"{_edge}/{signer.Sign(claims)}/{StorageKey.VersionPrefix(claims.Asset, version)}";
}
