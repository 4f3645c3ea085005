namespace Movento.Packager.Verification;

/// <summary>Gathers findings from several tasks at once; bounded, so that a broken presentation of 10,000 segments does not say so 10,000 times.</summary>
internal sealed class Findings
{
    private const int MaxPerRule = 25;

    private readonly Lock _lock = new();
    private readonly Dictionary<VerificationRule, int> _counts = [];
    private readonly List<Finding> _findings = [];

    /// <summary>Findings that were counted but not kept.</summary>
    public int Omitted { get; private set; }

    /// <summary>Whether there is an error among everything, kept or not.</summary>
    public bool HasErrors { get; private set; }

    public void Add(VerificationRule rule, FindingLocation location, string sentence, Severity? severity = null)
    {
        lock (_lock)
        {
            var level = severity ?? rule.Severity;
            HasErrors |= level == Severity.Error;
            var count = _counts[rule] = _counts.GetValueOrDefault(rule) + 1;
            if (count > MaxPerRule)
                Omitted++;
            else
                _findings.Add(new Finding(rule, level, rule.Clause, location, sentence));
        }
    }

    /// <summary>Bytes that the box parsers refuse.</summary>
    public void Add(string file, MediaFormatException exception) =>
        Add(VerificationRule.IsoBox, new FindingLocation(file, null, exception.Offset, exception.Path), exception.Message);

    /// <summary>Errors first, and of them those of media before those of manifests: what is wrong with bytes is why manifests lie about them.</summary>
    public IReadOnlyList<Finding> Sorted()
    {
        lock (_lock)
        {
            return [.. _findings
                .OrderByDescending(finding => finding.Severity)
                .ThenBy(finding => finding.Location.Line is not null)
                .ThenBy(finding => finding.Location.File, StringComparer.Ordinal)
                .ThenBy(finding => finding.Location.Line)
                .ThenBy(finding => finding.Location.Offset)];
        }
    }
}
