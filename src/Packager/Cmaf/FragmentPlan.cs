using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>One fragment to be written: consecutive samples, the first one a sync sample.</summary>
/// <param name="First">The index of the first sample.</param>
/// <param name="Count">How many samples.</param>
/// <param name="DecodeTime">Of the first sample, in ticks of the rendition.</param>
/// <param name="Start">The earliest presentation time, in ticks.</param>
/// <param name="BeginsSegment">Whether a segment begins with it.</param>
internal readonly record struct FragmentPlan(int First, int Count, long DecodeTime, long Start, bool BeginsSegment)
{
    /// <summary>
    /// Cuts a track. A video fragment is a group of pictures; a segment begins at the first one at or after each multiple of the segment duration
    /// (<see cref="SegmentGrid"/>), so that rungs with the same access points are cut at the same times.
    /// A sound segment is one fragment and begins at the access unit nearest to the multiple; a segment of subtitles is one fragment too, and begins
    /// at the multiple. A still picture is a fragment.
    /// </summary>
    public static List<FragmentPlan> Cut(SourceTrack track, TrackTimeline timeline, CmafSettings settings)
    {
        var fragments = new List<FragmentPlan>();
        var samples = track.Samples.Span;
        var grid = new SegmentGrid(settings, track.Media.Timescale);
        var decodeTime = timeline.Start;
        var (first, firstDecodeTime, firstStart, beginsSegment) = (0, timeline.Start, timeline.Start, true);
        for (var index = 0; index < samples.Length; index++)
        {
            ref var sample = ref samples[index];
            if (sample.IsSync)
            {
                var time = decodeTime + sample.CompositionOffset + timeline.CompositionShift - timeline.MediaTime;
                var begins = grid.Reaches(time, sample.Duration);
                if (index > 0 && (begins || settings.Kind is TrackKind.Video or TrackKind.Image))
                {
                    fragments.Add(new FragmentPlan(first, index - first, firstDecodeTime, firstStart, beginsSegment));
                    (first, firstDecodeTime, firstStart, beginsSegment) = (index, decodeTime, time, begins);
                }
            }

            decodeTime += sample.Duration;
        }

        fragments.Add(new FragmentPlan(first, samples.Length - first, firstDecodeTime, firstStart, beginsSegment));
        return fragments;
    }
}
