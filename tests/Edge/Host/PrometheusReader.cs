using System.Globalization;
using System.Text.RegularExpressions;

namespace Movento.Edge.Tests.Host;

/// <summary>Reads Prometheus's text exposition format 0.0.4, and takes nothing that a strict reader would not.</summary>
internal sealed partial class PrometheusReader
{
    private readonly Dictionary<string, double> _samples = [];
    private readonly Dictionary<string, string> _types = [];

    private PrometheusReader()
    {
    }

    /// <summary>The value of <c>name</c> or <c>name{label="value"}</c>; a sample that is not there is a failure.</summary>
    public double this[string sample] => _samples.TryGetValue(sample, out var value)
        ? value
        : throw new KeyNotFoundException($"{sample} is not among {string.Join(", ", _samples.Keys)}");

    public IReadOnlyDictionary<string, string> Types => _types;

    public static PrometheusReader Read(string text)
    {
        var reader = new PrometheusReader();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        string? family = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Help.Match(line) is { Success: true } help)
            {
                family = help.Groups["name"].Value;
                Assert.DoesNotContain(family, reader._types.Keys);
            }
            else if (Type.Match(line) is { Success: true } type)
            {
                Assert.Equal(family, type.Groups["name"].Value);
                reader._types.Add(family!, type.Groups["type"].Value);
            }
            else
            {
                reader.AddSample(family, line);
            }
        }

        reader.CheckHistograms();
        return reader;
    }

    private void AddSample(string? family, string line)
    {
        var sample = Sample.Match(line);
        Assert.True(sample.Success, $"not a sample: {line}");
        var name = sample.Groups["name"].Value;
        Assert.NotNull(family);
        var type = _types[family];
        if (type == "histogram") Assert.Contains(name, new[] { $"{family}_bucket", $"{family}_sum", $"{family}_count" });
        else Assert.Equal(family, name);
        if (type == "counter") Assert.EndsWith("_total", name, StringComparison.Ordinal);
        var names = sample.Groups["label"].Captures.Select(capture => capture.Value).ToArray();
        Assert.Equal(names.Distinct(), names);
        var value = sample.Groups["value"].Value;
        var number = value == "+Inf" ? double.PositiveInfinity : double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (type != "gauge") Assert.True(number >= 0, line);
        Assert.True(_samples.TryAdd(line[..^(value.Length + 1)], number), $"twice: {line}");
    }

    // Buckets only grow, and the last one has everything.
    private void CheckHistograms()
    {
        foreach (var family in _types.Where(type => type.Value == "histogram").Select(type => type.Key))
        {
            foreach (var group in _samples.Keys.Where(key => key.StartsWith($"{family}_bucket", StringComparison.Ordinal)).GroupBy(key => Bound.Replace(key, "")))
            {
                var buckets = group.Select(key => _samples[key]).ToArray();
                Assert.Equal(buckets.Order(), buckets);
                Assert.Contains("le=\"+Inf\"", group.Last(), StringComparison.Ordinal);
                var count = group.Key.Replace("_bucket", "_count", StringComparison.Ordinal).Replace("{}", "", StringComparison.Ordinal);
                Assert.Equal(_samples[count], buckets[^1]);
            }
        }
    }

    [GeneratedRegex("""^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) [^\\\n]*(\\[\\n][^\\\n]*)*$""")]
    private static partial Regex Help { get; }

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$")]
    private static partial Regex Type { get; }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="([^"\\\n]|\\[\\"n])*"(,(?!\})|(?=\})))+\})? (?<value>[+-]?([0-9.]+([eE][+-]?[0-9]+)?|Inf))$""")]
    private static partial Regex Sample { get; }

    [GeneratedRegex(""",?le="[^"]*"(?=})""")]
    private static partial Regex Bound { get; }
}
