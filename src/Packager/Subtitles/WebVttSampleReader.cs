using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Movento.Packager.IsoBmff;

namespace Movento.Packager.Subtitles;

/// <summary>
/// Reads the samples of a WebVTT track (ISO/IEC 14496-30 §7.4). A cue that goes over several samples is put together again: by its source id, or,
/// where the writer gave none, because the sample before has the same cue and ends where this one begins.
/// </summary>
internal sealed class WebVttSampleReader : ITextSampleReader
{
    private readonly CueListBuilder _cues = new();
    private readonly CueTextBuilder _text = new();
    private readonly ImmutableArray<string> _blocks;
    private List<OpenCue> _open = [];
    private List<OpenCue> _next = [];

    /// <summary>A track with its sample entry, whose vttC box has the head of the WebVTT text.</summary>
    public WebVttSampleReader(ReadOnlySpan<byte> entry)
    {
        var boxes = new BoxReader(entry);
        var body = boxes.TryReadBox(out var found) ? found : throw boxes.Error(MediaFormatError.Missing, "There is no sample entry.");
        body.Skip(6 + 2);
        var configuration = body.Find(BoxType.VttC);
        _blocks = WebVttReader.ReadBlocks(configuration.ReadRest());
    }

    /// <inheritdoc/>
    public void Read(ReadOnlySpan<byte> sample, long offset, long start, long end)
    {
        var boxes = new BoxReader(sample, offset);
        string? note = null;
        for (var index = 0; boxes.TryReadBox(out var box, index);)
        {
            if (box.Type == BoxType.Vtta)
                note = Text(ref box);
            if (box.Type != BoxType.VttCue)
                continue;
            if (++index > SubtitleLimits.MaxSimultaneousCues)
                throw box.Error(MediaFormatError.TooLarge, $"A sample has more than {SubtitleLimits.MaxSimultaneousCues} cues.");
            var cue = ReadCue(box, offset, start, end) with { Note = note };
            note = null;
            var before = _open.FindIndex(open => open.End == start && (cue.Source is { } source ? open.Source == source : open.IsSame(cue)));
            if (before >= 0)
            {
                cue = _open[before] with { End = end };
                _open.RemoveAt(before);
            }

            _next.Add(cue);
        }

        foreach (var cue in _open)
            Add(cue);
        _open.Clear();
        (_open, _next) = (_next, _open);
    }

    /// <inheritdoc/>
    public SubtitleTrack ToTrack()
    {
        foreach (var cue in _open)
            Add(cue);
        _open.Clear();
        return _cues.ToTrack(_blocks);
    }

    private void Add(OpenCue cue) => _cues.Add(cue.Offset, cue.Start, cue.End, cue.Text, cue.Id, cue.Settings, cue.Note);

    private OpenCue ReadCue(BoxReader box, long offset, long start, long end)
    {
        var cue = new OpenCue(offset, start, end, "", null, null, null, null);
        while (box.TryReadBox(out var child))
        {
            cue = child.Type switch
            {
                BoxType.Vsid => cue with { Source = child.ReadInt32() },
                BoxType.Iden => cue with { Id = Text(ref child) },
                BoxType.Sttg => cue with { Settings = CueSettings.Read(child.ReadRest()) },
                BoxType.Payl => cue with { Text = CueText.Read(Utf8Of(ref child), _text) },
                _ => cue,
            };
        }

        return cue;
    }

    private static string? Text(ref BoxReader box) =>
        Encoding.UTF8.GetString(Utf8Of(ref box)).ReplaceLineEndings("\n").Trim('\n', '\0') is { Length: > 0 } text ? text : null;

    private static ReadOnlySpan<byte> Utf8Of(ref BoxReader box)
    {
        var text = box.ReadRest();
        return Utf8.IsValid(text) ? text : throw box.Error(MediaFormatError.Invalid, "The text is not UTF-8.");
    }

    private sealed record OpenCue(long Offset, long Start, long End, string Text, int? Source, string? Id, string? Settings, string? Note)
    {
        public bool IsSame(OpenCue other) => Source is null && Text == other.Text && Id == other.Id && Settings == other.Settings;
    }
}
