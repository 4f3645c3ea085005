using System.Collections.Immutable;
using System.Text;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Subtitles;

/// <summary>A cue as it is packaged: clipped to the presentation, in milliseconds.</summary>
/// <param name="Number">From 0, in the order of the starts.</param>
/// <param name="Start">When it appears.</param>
/// <param name="End">When it is gone, after <paramref name="Start"/>.</param>
/// <param name="Text">WebVTT cue text.</param>
/// <param name="Id">Of no other cue, or null.</param>
/// <param name="Settings">Or null.</param>
/// <param name="Note">Or null.</param>
internal sealed record PackagedCue(int Number, long Start, long End, string Text, string? Id, string? Settings, string? Note);

/// <summary>A stretch of time and the cues in it; the list is only valid until the next one.</summary>
internal readonly record struct CueSpan(long Start, long End, IReadOnlyList<PackagedCue> Cues);

/// <summary>The cues on the presentation's time line, from zero to its end, cut in the two ways that are packaged.</summary>
internal sealed class CueTimeline
{
    private readonly ImmutableArray<PackagedCue> _cues;
    private readonly TimeSpan _segmentDuration;

    private CueTimeline(ImmutableArray<PackagedCue> cues, ImmutableArray<string> blocks, long end, TimeSpan segmentDuration)
    {
        (_cues, Blocks, End, _segmentDuration) = (cues, blocks, end, segmentDuration);
    }

    /// <summary>Every cue.</summary>
    public ImmutableArray<PackagedCue> Cues => _cues;

    /// <summary>STYLE and REGION blocks.</summary>
    public ImmutableArray<string> Blocks { get; }

    /// <summary>The end of the presentation.</summary>
    public long End { get; }

    /// <summary>Fits subtitles into a presentation: cues that are shown past its end are clipped or left out.</summary>
    /// <exception cref="MediaFormatException">There are too many cues, blocks or segments.</exception>
    public static CueTimeline Of(SubtitleTrack subtitles, SubtitleSettings settings)
    {
        // Up: the last border must not lie past the end.
        var end = (settings.Duration.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        var segments = (end * TimeSpan.TicksPerMillisecond + settings.SegmentDuration.Ticks - 1) / settings.SegmentDuration.Ticks;
        if (segments > Sidx.MaxReferences)
            throw new MediaFormatException(MediaFormatError.TooLarge, "sidx", 0, $"There are {segments} segments; an index holds {Sidx.MaxReferences}.");
        if (subtitles.Cues.Length > SubtitleLimits.MaxCues)
            throw new MediaFormatException(MediaFormatError.TooLarge, "", 0, $"There are more than {SubtitleLimits.MaxCues} cues.");
        var blocks = subtitles.Blocks.Where(IsBlock).ToImmutableArray();
        if (blocks.Sum(block => (long)block.Length) > SubtitleLimits.MaxBlocksSize)
            throw new MediaFormatException(MediaFormatError.TooLarge, "", 0, $"The STYLE and REGION blocks have more than {SubtitleLimits.MaxBlocksSize} characters.");

        // Whoever made the model, nothing but well-formed cues goes on from here.
        var cues = ImmutableArray.CreateBuilder<PackagedCue>(subtitles.Cues.Length);
        var builder = new CueTextBuilder();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cue in subtitles.Cues.OrderBy(cue => cue.Start))
        {
            var start = Math.Max(0, CueTime.Milliseconds(cue.Start));
            var last = Math.Min(end, CueTime.Milliseconds(cue.End));
            var text = CueText.Read(Encoding.UTF8.GetBytes(cue.Text), builder);
            if (start >= last || text.Length == 0)
                continue;
            // hls.js (utils/texttrack-utils.ts, addCueToTrack) takes a second cue with an id for the first one again, and drops it.
            var id = cue.Id is { Length: > 0 } wanted && IsLine(wanted) && ids.Add(wanted) ? wanted : null;
            var position = cue.Settings is null ? null : CueSettings.Read(Encoding.UTF8.GetBytes(cue.Settings));
            cues.Add(new PackagedCue(cues.Count, start, last, text, id, position, cue.Note is { } note && IsBlock($"NOTE\n{note}") ? note : null));
        }

        return new CueTimeline(cues.DrainToImmutable(), blocks, end, settings.SegmentDuration);
    }

    /// <summary>
    /// The segments with every cue that is shown in them, also for a moment; they touch one another from zero to the end. They begin at the
    /// multiples of the segment duration, rounded up to milliseconds.
    /// </summary>
    public IEnumerable<CueSpan> Segments()
    {
        var shown = new List<PackagedCue>();
        var next = 0;
        for (var (number, start) = (1L, 0L); start < End; number++)
        {
            var end = Border(number);
            var from = start;
            shown.RemoveAll(cue => cue.End <= from);
            for (; next < _cues.Length && _cues[next].Start < end; next++)
                shown.Add(_cues[next]);
            yield return new CueSpan(start, end, shown);
            start = end;
        }
    }

    /// <summary>Stretches in which the same cues are shown all the time, also none; they touch one another from zero to the end, and none crosses a segment's border.</summary>
    /// <exception cref="MediaFormatException">Too many cues are shown at the same time.</exception>
    public IEnumerable<CueSpan> Samples()
    {
        var shown = new List<PackagedCue>();
        var next = 0;
        var border = 1L;
        for (var start = 0L; start < End;)
        {
            var from = start;
            shown.RemoveAll(cue => cue.End <= from);
            for (; next < _cues.Length && _cues[next].Start == start; next++)
            {
                if (shown.Count == SubtitleLimits.MaxSimultaneousCues)
                    throw new MediaFormatException(MediaFormatError.TooLarge, "", 0, $"At {start} ms more than {SubtitleLimits.MaxSimultaneousCues} cues are shown at the same time.");
                shown.Add(_cues[next]);
            }

            while (Border(border) <= start)
                border++;
            var end = Border(border);
            if (next < _cues.Length)
                end = Math.Min(end, _cues[next].Start);
            foreach (var cue in shown)
                end = Math.Min(end, cue.End);
            yield return new CueSpan(start, end, shown);
            start = end;
        }
    }

    private long Border(long number) =>
        Math.Min(End, (long)(((Int128)number * _segmentDuration.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond));

    private static bool IsLine(string text) => !text.AsSpan().ContainsAny('\r', '\n') && !text.Contains("-->", StringComparison.Ordinal);

    private static bool IsBlock(string text) =>
        !text.Contains('\r') && !text.Contains("\n\n", StringComparison.Ordinal) && !text.Contains("-->", StringComparison.Ordinal)
        && text.Length > 0 && text[0] != '\n' && text[^1] != '\n';
}
