using System.Globalization;

namespace Movento.Ingest.Probe;

/// <summary>A place in the CIE 1931 chromaticity diagram.</summary>
internal readonly record struct Chromaticity(double X, double Y);

/// <summary>The mastering display colour volume (SMPTE ST 2086).</summary>
/// <param name="MaxLuminance">In candelas a square metre.</param>
/// <param name="MinLuminance">In candelas a square metre.</param>
internal sealed record MasteringDisplay(
    Chromaticity Red, Chromaticity Green, Chromaticity Blue, Chromaticity White, double MaxLuminance, double MinLuminance)
{
    /// <summary>What a container says; null where a value is missing or is none that a screen could have.</summary>
    public static MasteringDisplay? From(IEnumerable<FfprobeSideData>? data)
    {
        if (data?.FirstOrDefault(data => data.RedX is not null) is not { } values) return null;
        var display = new MasteringDisplay(
            new(Number(values.RedX), Number(values.RedY)), new(Number(values.GreenX), Number(values.GreenY)),
            new(Number(values.BlueX), Number(values.BlueY)), new(Number(values.WhitePointX), Number(values.WhitePointY)),
            Number(values.MaxLuminance), Number(values.MinLuminance));
        Chromaticity[] places = [display.Red, display.Green, display.Blue, display.White];
        return places.All(place => place is { X: > 0 and < 1, Y: > 0 and < 1 }) && display is { MaxLuminance: >= 1 and <= 10_000, MinLuminance: >= 0 and < 10 }
            ? display : null;
    }

    private static double Number(string? fraction)
    {
        var parts = (fraction ?? "").Split('/');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var over)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var under) && under > 0 ? (double)over / under : double.NaN;
    }
}

/// <summary>The content light level (CTA-861.3), in candelas a square metre.</summary>
/// <param name="MaxContent">Of the brightest pixel (MaxCLL).</param>
/// <param name="MaxFrameAverage">Of the brightest frame on the average (MaxFALL).</param>
internal sealed record ContentLight(int MaxContent, int MaxFrameAverage)
{
    /// <summary>What a container says; null where a value is missing or is none that a picture could have.</summary>
    public static ContentLight? From(IEnumerable<FfprobeSideData>? data) =>
        data?.FirstOrDefault(data => data.MaxContent is not null) is { MaxContent: > 0 and <= 10_000 and var most, MaxAverage: >= 0 and <= 10_000 and var average }
            ? new(most, average) : null;
}
