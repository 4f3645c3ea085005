using System.Collections.Immutable;

namespace Movento.Packager.Subtitles;

/// <summary>Gathers the cues of a source, whatever it is: counts them, leaves out what is never seen, and puts them in order.</summary>
internal sealed class CueListBuilder
{
    private readonly List<Cue> _cues = [];
    private int _skipped;

    /// <summary>How many cues so far.</summary>
    public int Count => _cues.Count;

    /// <summary>Counts a cue that could not be read.</summary>
    public void Skip() => _skipped++;

    /// <summary>Adds a cue; one without text, or one that ends when it begins, is only counted.</summary>
    /// <param name="offset">Of the cue in the source, for the error.</param>
    /// <param name="start">In milliseconds.</param>
    /// <param name="end">In milliseconds.</param>
    /// <param name="text">Cleaned.</param>
    /// <param name="id">Or null.</param>
    /// <param name="settings">Or null.</param>
    /// <param name="note">Or null.</param>
    /// <exception cref="MediaFormatException">There are too many.</exception>
    public void Add(long offset, long start, long end, string text, string? id, string? settings, string? note)
    {
        if (end <= start || text.Length == 0)
        {
            _skipped++;
            return;
        }

        if (_cues.Count == SubtitleLimits.MaxCues)
            throw new MediaFormatException(MediaFormatError.TooLarge, "", offset, $"There are more than {SubtitleLimits.MaxCues} cues.");
        _cues.Add(new Cue(TimeSpan.FromMilliseconds(start), TimeSpan.FromMilliseconds(end), text) { Id = id, Settings = settings, Note = note });
    }

    /// <summary>The track.</summary>
    public SubtitleTrack ToTrack(ImmutableArray<string> blocks) => new()
    {
        // OrderBy is stable: cues that begin together stay in their order, which is the order of their lines on the screen.
        Cues = [.. _cues.OrderBy(cue => cue.Start)],
        Blocks = blocks,
        Skipped = _skipped,
    };
}
