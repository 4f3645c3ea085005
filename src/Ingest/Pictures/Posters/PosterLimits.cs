namespace Movento.Ingest.Pictures.Posters;

/// <summary>What a team's poster may be.</summary>
internal static class PosterLimits
{
    /// <summary>Bytes: a photograph of 24 megapixels has about as many.</summary>
    public const int MaxBytes = 12 << 20;

    /// <summary>Pixels: decoded they take 150 MB at three bytes each, well within what a tool may have.</summary>
    public const int MaxPixels = 50_000_000;

    /// <summary>Pixels of the shorter side: less is no picture.</summary>
    public const int MinSide = 64;
}
