namespace Movento.Packager.Verification;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Players cope, but a recommendation of a standard is not followed.</summary>
    Warning,

    /// <summary>A standard forbids it, or the manifest says what the bytes do not: such a presentation is not published.</summary>
    Error,
}

/// <summary>One thing that is wrong with a presentation.</summary>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Severity">The rule's own, or lower where this breach of it is harmless.</param>
/// <param name="Clause">The clause of the standard.</param>
/// <param name="Location">Where.</param>
/// <param name="Sentence">One sentence for a person: what is there, and what was expected.</param>
public sealed record Finding(VerificationRule Rule, Severity Severity, string Clause, FindingLocation Location, string Sentence)
{
    /// <summary>Such as <c>error hls-extinf v720.m3u8:12: …</c>.</summary>
    public override string ToString() => $"{(Severity == Severity.Error ? "error" : "warning")} {Rule.Id} {Location}: {Sentence} ({Clause})";
}

/// <summary>Where something was found.</summary>
/// <param name="File">As its address stands below the presentation's root.</param>
/// <param name="Line">From 1, in a manifest.</param>
/// <param name="Offset">In bytes, in media.</param>
/// <param name="BoxPath">The boxes from the outside in, such as <c>moof/traf/trun</c>.</param>
public readonly record struct FindingLocation(string File, int? Line = null, long? Offset = null, string? BoxPath = null)
{
    /// <summary>Such as <c>v720.m3u8:12</c> or <c>v720.mp4@868 moof/traf</c>.</summary>
    public override string ToString() =>
        $"{File}{(Line is { } line ? $":{line}" : "")}{(Offset is { } offset ? $"@{offset}" : "")}{(string.IsNullOrEmpty(BoxPath) ? "" : $" {BoxPath}")}";
}
