namespace Movento.Packager.Subtitles;

/// <summary>Some text that is shown for some time: a WebVTT cue (W3C WebVTT §3.1). Times count from presentation time zero.</summary>
/// <param name="Start">When it appears; not negative.</param>
/// <param name="End">When it is gone; after <paramref name="Start"/>.</param>
/// <param name="Text">WebVTT cue text (§4.2.2): lines without a blank one between them, tags that are known and closed, everything else escaped.</param>
public sealed record Cue(TimeSpan Start, TimeSpan End, string Text)
{
    /// <summary>What its author called it, or null: no line break, no <c>--&gt;</c>.</summary>
    public string? Id { get; init; }

    /// <summary>Where it is shown, such as <c>line:0 align:start</c> (§4.4), or null for at the bottom.</summary>
    public string? Settings { get; init; }

    /// <summary>What the author remarked before it (a NOTE block, §4.1), or null. Never shown.</summary>
    public string? Note { get; init; }
}
