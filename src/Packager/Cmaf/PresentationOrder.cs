using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>
/// Decode times that are the presentation times in their order. With closed groups of pictures they depend on nothing that lies in another group, so
/// that a chunk of a film is timed as it will be in the whole film.
/// </summary>
internal static class PresentationOrder
{
    /// <summary>
    /// Rewrites the samples of a chunk: every duration until the next presentation time, every composition offset from the new decode time. The last
    /// sample keeps its duration: only the next chunk knows better.
    /// </summary>
    /// <param name="chunk">A track as it was read; its edit list is resolved here.</param>
    /// <param name="start">What is added to every presentation time, in ticks.</param>
    /// <returns>The first decode time, which is the earliest presentation time.</returns>
    public static long Apply(SourceTrack chunk, long start)
    {
        var timeline = TrackTimeline.Resolve(chunk, TrackKind.Video);
        var samples = chunk.Samples.Span;
        var times = new long[samples.Length];
        var decodeTime = start + timeline.Start + timeline.CompositionShift - timeline.MediaTime;
        for (var index = 0; index < samples.Length; index++)
        {
            times[index] = decodeTime + samples[index].CompositionOffset;
            decodeTime += samples[index].Duration;
        }

        var ordered = (long[])times.Clone();
        Array.Sort(ordered);
        // The one that is shown last lasts as long as it did.
        var last = samples[Array.IndexOf(times, ordered[^1])].Duration;
        for (var index = 0; index < samples.Length; index++)
        {
            var duration = index + 1 < samples.Length ? ordered[index + 1] - ordered[index] : last;
            var offset = times[index] - ordered[index];
            if (duration is <= 0 or > uint.MaxValue || offset is < int.MinValue or > int.MaxValue)
                throw chunk.Error(MediaFormatError.Invalid, $"Sample {index + 1} has a time of its own neither before nor after it.");
            (samples[index].Duration, samples[index].CompositionOffset) = ((uint)duration, (int)offset);
        }

        return ordered[0];
    }

    /// <summary>How many ticks every picture must be composed later than it is decoded, so that none of the chunk is shown before it is decoded.</summary>
    public static long Delay(SourceTrack chunk)
    {
        var least = 0;
        foreach (ref var sample in chunk.Samples.Span)
            least = Math.Min(least, sample.CompositionOffset);
        return -(long)least;
    }
}
