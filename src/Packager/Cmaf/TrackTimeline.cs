using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>
/// Where a source track's samples stand in the presentation. The rendition keeps the source's decode durations; its first
/// decode time is the moment at which it is first seen or heard, so that every start later than zero stands in tfdt.
/// </summary>
/// <param name="Start">The first presentation time, which is also the first decode time, in ticks.</param>
/// <param name="MediaTime">
/// Of the edit list: ticks of sound that are decoded first and not heard, or the delay that lets every picture be composed
/// after it is decoded (an offset edit list, ISO/IEC 23000-19 §7.5.13).
/// </param>
/// <param name="CompositionShift">What is added to every composition offset.</param>
/// <param name="End">The presentation time at which the track ends, in ticks.</param>
internal readonly record struct TrackTimeline(long Start, long MediaTime, long CompositionShift, long End)
{
    /// <summary>From presentation time zero to the end.</summary>
    public TimeSpan DurationIn(uint timescale) => new((long)Int128.Min(((Int128)End * TimeSpan.TicksPerSecond + timescale / 2) / timescale, TimeSpan.MaxValue.Ticks));

    /// <summary>
    /// Resolves the source's edit list. Samples past its end are dropped; a last access unit that reaches past it is
    /// shortened. What is not a stream access point of type 1 is no longer a sync sample afterwards.
    /// </summary>
    /// <param name="track">Changed in place.</param>
    /// <param name="kind">Pictures, or what has no order of its own.</param>
    /// <param name="delay">See <see cref="CmafSettings.CompositionDelay"/>.</param>
    /// <exception cref="MediaFormatException">The track is empty, does not begin with a sync sample, or hides pictures that others need.</exception>
    public static TrackTimeline Resolve(SourceTrack track, TrackKind kind, long? delay = null)
    {
        var edit = track.Edit;

        // :: Step 1 — the end: what the edit list does not show
        if (edit.Duration is { } shown)
            DropAfter(track, (edit.MediaTime ?? 0) + shown, kind);
        if (track.Samples.Count == 0)
            throw track.Error(MediaFormatError.Missing, "The track has no samples.");
        FixLastDuration(track);

        // :: Step 2 — the stream access points
        var earliest = MarkAccessPoints(track, kind);
        if (!track.Samples[0].IsSync)
            throw track.Error(
                MediaFormatError.Unsupported, "The track does not begin with a sync sample whose picture is shown first; cut it at a key frame, or encode it anew.");

        // :: Step 3 — the start: a delay, then the first composition time or what the edit list calls the first
        var mediaTime = edit.MediaTime ?? 0;
        var hidden = Math.Max(0, mediaTime - earliest);
        if (hidden > 0 && kind == TrackKind.Video)
            throw track.Error(MediaFormatError.Unsupported, "The edit list hides the first pictures of the track; encode it anew, as it is shown.");
        var start = edit.Delay + Math.Max(0, earliest - mediaTime);
        var shift = track.FirstDecodeTime - earliest;

        // :: Step 4 — the last moment, and how far a picture would be composed before it is decoded
        var (end, least, decodeTime) = (0L, 0L, 0L);
        foreach (ref var sample in track.Samples.Span)
        {
            var offset = sample.CompositionOffset + shift;
            least = Math.Min(least, offset);
            end = Math.Max(end, decodeTime + offset + sample.Duration);
            decodeTime += sample.Duration;
        }

        end += start - hidden;
        if (end <= start)
            throw track.Error(MediaFormatError.Invalid, "The edit list hides the whole track.");
        if (kind == TrackKind.Video && delay is { } fixedDelay)
            least = -fixedDelay;
        return new TrackTimeline(start, hidden - least, shift - least, end);
    }

    private static void DropAfter(SourceTrack track, long editEnd, TrackKind kind)
    {
        // From the back: samples that are shown after the end.
        var samples = track.Samples.Span;
        var decodeTime = track.EndDecodeTime;
        var count = samples.Length;
        for (; count > 0; count--)
        {
            decodeTime -= samples[count - 1].Duration;
            if (decodeTime + samples[count - 1].CompositionOffset < editEnd)
                break;
        }

        track.Samples.Truncate(count);
        if (count == 0)
            return;
        if (kind == TrackKind.Audio)
        {
            ref var last = ref track.Samples[count - 1];
            var excess = decodeTime + last.CompositionOffset + last.Duration - editEnd;
            if (excess > track.Edit.Tolerance && excess < last.Duration)
                last.Duration -= (uint)excess;
            return;
        }

        for (var index = count - 1; index >= 0; decodeTime -= index > 0 ? samples[index - 1].Duration : 0, index--)
        {
            if (decodeTime + samples[index].CompositionOffset >= editEnd)
                throw track.Error(MediaFormatError.Unsupported, "The edit list hides pictures at the end that others need; encode the track anew, as it is shown.");
        }
    }

    // Some writers give the last sample no duration: then the media's own end tells it, or the sample before.
    private static void FixLastDuration(SourceTrack track)
    {
        ref var last = ref track.Samples[track.Samples.Count - 1];
        if (last.Duration == 0)
        {
            var rest = track.Media.Duration;
            foreach (ref var sample in track.Samples.Span)
                rest -= sample.Duration;
            last.Duration = rest is > 0 and <= uint.MaxValue ? (uint)rest : track.Samples.Count > 1 ? track.Samples[track.Samples.Count - 2].Duration : 0;
        }

        for (var index = 0; index < track.Samples.Count; index++)
        {
            if (track.Samples[index].Duration == 0)
                throw track.Error(MediaFormatError.Invalid, $"Sample {index + 1} has no duration, which only the last one may lack; two samples of one time cannot both be shown.");
        }
    }

    // SAP type 1 (ISO/IEC 14496-12 §I.2.2): a sync sample, and no later sample is shown before it. From the back, so that one
    // walk knows the earliest time of everything later. The sound that is packaged can be decoded from every access unit,
    // whatever its flags say. Returns the earliest composition time of all.
    private static long MarkAccessPoints(SourceTrack track, TrackKind kind)
    {
        var samples = track.Samples.Span;
        var decodeTime = track.FirstDecodeTime;
        foreach (ref var sample in samples)
            decodeTime += sample.Duration;
        var earliest = long.MaxValue;
        for (var index = samples.Length - 1; index >= 0; index--)
        {
            ref var sample = ref samples[index];
            decodeTime -= sample.Duration;
            var time = decodeTime + sample.CompositionOffset;
            sample.IsSync = (sample.IsSync || kind == TrackKind.Audio) && time < earliest;
            earliest = Math.Min(earliest, time);
        }

        return earliest;
    }
}
