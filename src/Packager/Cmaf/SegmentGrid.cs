using Movento.Packager.Presentations;
using Int128 = System.Int128;

namespace Movento.Packager.Cmaf;

/// <summary>
/// Where segments begin: at the first sync sample of pictures at or after each multiple of the segment duration, counted from presentation time zero,
/// so that everything that has the same access points is cut at the same times; of sound at the access unit nearest to it.
/// </summary>
/// <param name="settings">The segment duration, and whether it is sound.</param>
/// <param name="timescale">Of the times.</param>
internal struct SegmentGrid(CmafSettings settings, uint timescale)
{
    private readonly Int128 _step = (Int128)settings.SegmentDuration.Ticks * timescale;
    private readonly bool _isNearest = settings.Kind == TrackKind.Audio;
    private Int128 _multiple = Int128.MinValue;

    /// <summary>Whether a segment begins with this sync sample; asked for each in its order, the very first included.</summary>
    /// <param name="time">Its presentation time.</param>
    /// <param name="duration">How long it lasts.</param>
    public bool Reaches(long time, uint duration)
    {
        var passed = (Int128)Math.Max(0, _isNearest ? time + duration / 2 : time) * TimeSpan.TicksPerSecond / _step;
        if (passed < _multiple)
            return false;
        _multiple = passed + 1;
        return true;
    }
}
