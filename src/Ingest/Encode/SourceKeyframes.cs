using Movento.Ingest.Probe;

namespace Movento.Ingest.Encode;

/// <summary>Where in a film's source a decoder can begin, by the times of its packets.</summary>
internal sealed class SourceKeyframes
{
    // A file's index goes by decode times, which are earlier than those shown by what the encoder reordered: sixteen pictures at most (ISO/IEC 14496-10 §E.2.1,
    // max_dec_frame_buffering). Behind a key frame that another follows sooner than this, a seek might find the other.
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    // Shown in film time.
    private readonly TimeSpan[] _times;
    private readonly TimeSpan[] _keyframes;
    private readonly TimeSpan _margin;

    private SourceKeyframes(TimeSpan[] times, TimeSpan[] keyframes, TimeSpan margin) => (_times, _keyframes, _margin) = (times, keyframes, margin);

    /// <summary>Those of a source; null where its packets do not tell: times that are not to be relied on, or pictures before a key frame that may lack what they are made from.</summary>
    public static SourceKeyframes? Of(PacketTable packets, EncodePlan plan) => !packets.IsPlain || packets.HasLeadingPictures || packets.Keyframes.Length == 0
        ? null
        : new SourceKeyframes(
            Array.ConvertAll(packets.Times, time => FilmTime(plan, time)), Array.ConvertAll(packets.Keyframes, time => FilmTime(plan, time)),
            EncodeTasks.SeenBefore(plan.Facts.Video!));

    /// <summary>The key frame at which a decoder has to begin for all that is shown from a moment on; null where it begins with the source.</summary>
    public TimeSpan? Before(TimeSpan moment)
    {
        moment -= _margin;
        // From the first picture that is shown then, if it is one; else from the last one before.
        var first = Array.BinarySearch(_times, moment);
        if (first < 0) first = ~first;
        var at = Array.BinarySearch(_keyframes, first < _times.Length ? _times[first] : moment);
        if (at < 0) at = ~at - 1;
        while (at >= 0 && at + 1 < _keyframes.Length && _keyframes[at + 1] - _keyframes[at] < Apart) at--;
        return at <= 0 ? null : _keyframes[at];
    }

    private static TimeSpan FilmTime(EncodePlan plan, long ticks) => TimeSpan.FromTicks((long)((Int128)plan.FilmTime(ticks) * TimeSpan.TicksPerSecond / plan.Timescale));
}
