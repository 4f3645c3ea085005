using System.Buffers;
using System.Globalization;
using System.Text;

namespace Movento.Edge.Observation.Metrics;

/// <summary>Prometheus's text exposition format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>
    /// An instrument's name as OpenTelemetry translates it for Prometheus: no other characters than letters, digits and underscores, the unit
    /// behind it, and <c>_total</c> behind a counter's.
    /// </summary>
    public static string NameOf(string name, string? unit, string type)
    {
        var letters = new StringBuilder(name.Length + 16);
        foreach (var letter in name) letters.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        if (letters.Length == 0 || char.IsAsciiDigit(letters[0])) letters.Insert(0, '_');
        var suffix = unit switch
        {
            "By" => "_bytes",
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "1" when type == "gauge" => "_ratio",
            _ => "",
        };
        // How the runtime's gauges end, and what only a histogram's lines may end with.
        if (type == "gauge" && EndsWith(letters, "_count")) letters.Length -= "_count".Length;
        if (!EndsWith(letters, suffix)) letters.Append(suffix);
        if (type == "counter" && !EndsWith(letters, "_total")) letters.Append("_total");
        return letters.ToString();
    }

    /// <summary>Writes a family; of an observed one, what was observed in <paramref name="reading"/>.</summary>
    public static void Write(IBufferWriter<byte> output, MetricFamily family, long reading)
    {
        var isHeadWritten = false;
        foreach (var series in family.Series)
        {
            if (family.IsObserved && series.ObservedIn != reading) continue;
            if (!isHeadWritten)
            {
                Text(output, $"# HELP {family.Name} {family.Description.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)}\n");
                Text(output, $"# TYPE {family.Name} {family.Type}\n");
                isHeadWritten = true;
            }

            if (series.Buckets > 0) WriteHistogram(output, family, series);
            else Line(output, family.Name, LabelsOf(series.Tags), series.Value);
        }
    }

    private static void WriteHistogram(IBufferWriter<byte> output, MetricFamily family, MetricSeries series)
    {
        var labels = LabelsOf(series.Tags);
        var comma = labels.Length == 0 ? "" : ",";
        var count = 0L;
        for (var bucket = 0; bucket < series.Buckets; bucket++)
        {
            count += series.CountOf(bucket);
            Line(output, $"{family.Name}_bucket", $"{labels}{comma}le=\"{Number(series.BoundOf(bucket))}\"", count);
        }

        Line(output, $"{family.Name}_sum", labels, series.Value);
        Line(output, $"{family.Name}_count", labels, count);
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0) return "";
        var labels = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (labels.Length > 0) labels.Append(',');
            labels.Append(NameOf(key, null, "")).Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return labels.ToString();
    }

    private static string Escape(string value) => value
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static void Line(IBufferWriter<byte> output, string name, string labels, double value) =>
        Text(output, labels.Length == 0 ? $"{name} {Number(value)}\n" : $"{name}{{{labels}}} {Number(value)}\n");

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static bool EndsWith(StringBuilder text, string end) => text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end;

    private static void Text(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);
}
