using System.Globalization;

namespace Movento.Ingest.Probe;

/// <summary>
/// Takes ffprobe's packets line by line: <c>0,1020,512,4711,K_</c>, the track, the presentation time, the duration, the bytes, the flags; and at the end its tracks:
/// <c>0,1/12288</c>, the track and its time base.
/// </summary>
/// <param name="stream">The track that the table is of; packets of others are read, so that damage to them is seen, and not counted.</param>
/// <param name="maxPackets">The most times that are kept.</param>
internal sealed class PacketTally(int stream, int maxPackets = PacketScan.MaxPackets)
{
    private readonly List<long> _times = [];
    private readonly List<int> _sizes = [];
    private readonly List<long> _keyframes = [];
    private long _end = long.MinValue;
    private bool _isPlain = true;
    private Ratio _timeBase = new(0, 1);
    private bool _hasLeadingPictures;

    /// <summary>Packets so far.</summary>
    public long Count { get; private set; }

    /// <summary>Takes one line. What stands in place of a time that is not known (<c>N/A</c>) is no number.</summary>
    public void Take(string line)
    {
        var text = line.AsSpan();
        if (!int.TryParse(Next(ref text), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index != stream) return;
        var time = Next(ref text);
        if (time.IndexOf('/') is > 0 and var slash && time is not "N/A")
        {
            if (long.TryParse(time[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var numerator)
                && long.TryParse(time[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var denominator) && denominator > 0)
                _timeBase = new(numerator, denominator);
            return;
        }
        var duration = Next(ref text);
        var size = Next(ref text);
        var flags = Next(ref text);
        Count++;
        // D: discard; C: corrupt (libavformat 6.1 and later; fftools/ffprobe.c).
        if (flags.ContainsAny('D', 'C')) _isPlain = false;
        if (!long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pts) || _times.Count == maxPackets)
        {
            _isPlain = false;
            return;
        }
        if (_keyframes.Count > 0 && pts < _keyframes[^1]) _hasLeadingPictures = true;
        _times.Add(pts);
        _sizes.Add(int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0);
        if (flags.Contains('K')) _keyframes.Add(pts);
        var length = long.TryParse(duration, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= long.MaxValue - Math.Max(pts, 0) ? ticks : 0;
        _end = Math.Max(_end, pts + length);
    }

    /// <summary>The table of what was taken.</summary>
    public PacketTable ToTable()
    {
        var (times, sizes) = (_times.ToArray(), _sizes.ToArray());
        Array.Sort(times, sizes);
        _keyframes.Sort();
        var gap = times.Length == 0 ? 0 : Difference(_end, times[^1]);
        for (var i = 1; i < times.Length; i++)
        {
            _isPlain &= times[i] != times[i - 1];
            gap = Math.Max(gap, Difference(times[i], times[i - 1]));
        }
        return new PacketTable
        {
            Count = Count, Times = times, Sizes = sizes, Keyframes = [.. _keyframes], End = times.Length == 0 ? 0 : _end, IsPlain = _isPlain,
            HasLeadingPictures = _hasLeadingPictures, LargestGap = gap, TimeBase = _timeBase,
        };
    }

    // Of times that a file may make up.
    private static long Difference(long later, long earlier) => (long)Int128.Min((Int128)later - earlier, long.MaxValue);

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> text)
    {
        var comma = text.IndexOf(',');
        var field = comma < 0 ? text : text[..comma];
        text = comma < 0 ? default : text[(comma + 1)..];
        return field;
    }
}
