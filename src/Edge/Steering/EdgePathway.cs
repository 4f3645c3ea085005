namespace Movento.Edge.Steering;

/// <summary>A way to the media that players may be steered to: this edge, another one, a CDN before some of them.</summary>
public sealed class EdgePathway
{
    /// <summary>Its name, 1 to 32 of <c>a-z A-Z 0-9 . - _</c>: PATHWAY-ID in HLS, serviceLocation in DASH.</summary>
    public string Id { get; set; } = "";

    /// <summary>What stands before <c>/{token}/assets/…</c> there, such as <c>https://edge-b.example</c>.</summary>
    public string Url { get; set; } = "";
}
