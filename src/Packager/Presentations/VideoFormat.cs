namespace Movento.Packager.Presentations;

/// <summary>What the pictures of a rendition are like, as its parameter sets say.</summary>
/// <param name="Width">Coded width after cropping, in pixels.</param>
/// <param name="Height">Coded height after cropping, in pixels.</param>
/// <param name="FrameRate">Frames a second, measured from the sample durations.</param>
/// <param name="Range">The transfer characteristics, as HLS names them.</param>
public sealed record VideoFormat(int Width, int Height, FrameRate FrameRate, VideoRange Range)
{
    /// <summary>The shape of a pixel.</summary>
    public SampleAspectRatio SampleAspectRatio { get; init; } = SampleAspectRatio.Square;
}

/// <summary>Frames a second as an exact fraction: frames over seconds.</summary>
/// <param name="Numerator">For 29.97 a second: 30000.</param>
/// <param name="Denominator">For 29.97 a second: 1001.</param>
public readonly record struct FrameRate(long Numerator, long Denominator);

/// <summary>VIDEO-RANGE of RFC 8216bis §4.4.6.2.</summary>
public enum VideoRange
{
    /// <summary>Standard dynamic range.</summary>
    Sdr,

    /// <summary>SMPTE ST 2084.</summary>
    Pq,

    /// <summary>ARIB STD-B67, hybrid log-gamma.</summary>
    Hlg,
}
