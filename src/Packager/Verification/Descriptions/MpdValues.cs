using System.Globalization;
using System.Xml;

namespace Movento.Packager.Verification.Descriptions;

/// <summary>The types of attributes in an MPD.</summary>
internal static class MpdValues
{
    /// <summary>xs:duration, in seconds.</summary>
    public static double? Duration(string? text)
    {
        if (text is null || text.Length > 64)
            return null;
        try
        {
            return XmlConvert.ToTimeSpan(text).TotalSeconds;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>xs:unsignedLong, as far as it fits a signed number.</summary>
    public static long? Integer(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A byte range: first and last byte (§5.3.9.2.2).</summary>
    public static (long First, long Last)? Range(string? text)
    {
        if (text?.IndexOf('-', StringComparison.Ordinal) is not { } dash || dash <= 0 || Integer(text[..dash]) is not { } first || Integer(text[(dash + 1)..]) is not { } last)
            return null;
        return last >= first ? (first, last) : null;
    }

    /// <summary>FrameRateType: <c>25</c> or <c>30000/1001</c>.</summary>
    public static double? FrameRate(string? text)
    {
        if (text is null)
            return null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var numerator = Integer(slash < 0 ? text : text[..slash]);
        var denominator = slash < 0 ? 1 : Integer(text[(slash + 1)..]);
        return numerator is > 0 && denominator is > 0 ? (double)numerator / denominator : null;
    }

    /// <summary>xs:boolean; true also for the older form of segmentAlignment that names a group.</summary>
    public static bool IsTrue(string? text) => text is "true" or "1" || Integer(text) is > 1;
}
