using System.Globalization;
using System.Text.RegularExpressions;

namespace Movento.Ingest.Encode;

/// <summary>The summary that ffmpeg's ebur128 writes at its end, line by line. A source's own words come before it, so what was said last counts.</summary>
internal sealed partial class LoudnessSummary
{
    private double? _integrated;
    private double? _range;
    private double? _peak;

    /// <summary>What it says; null where it has not been seen whole.</summary>
    public LoudnessMeasure? Measure =>
        _integrated is { } integrated && _range is { } range && _peak is { } peak ? new LoudnessMeasure(integrated, range, peak) : null;

    /// <summary>Takes one line of standard error.</summary>
    public void Take(string line)
    {
        if (Integrated().Match(line) is { Success: true } integrated) _integrated = Number(integrated);
        else if (Range().Match(line) is { Success: true } range) _range = Number(range);
        else if (Peak().Match(line) is { Success: true } peak) _peak = Number(peak);
    }

    // JSON has no infinity.
    private static double Number(Match match) =>
        match.Groups[1].Value is "-inf" or "nan" ? LoudnessMeasure.Silence : double.Parse(match.Groups[1].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\bI: +(-?[0-9]{1,4}\.[0-9]{1,3}|-inf|nan) LUFS", RegexOptions.CultureInvariant)]
    private static partial Regex Integrated();

    [GeneratedRegex(@"\bLRA: +(-?[0-9]{1,4}\.[0-9]{1,3}|-inf|nan) LU\b", RegexOptions.CultureInvariant)]
    private static partial Regex Range();

    [GeneratedRegex(@"\bPeak: +(-?[0-9]{1,4}\.[0-9]{1,3}|-inf|nan) dBFS", RegexOptions.CultureInvariant)]
    private static partial Regex Peak();
}
