using System.Globalization;

namespace Movento.Ingest.Probe;

/// <summary>Takes ffprobe's packets line by line: <c>1020,512,K_</c>, the presentation time, the duration, the flags.</summary>
internal sealed class PacketTally(int maxPackets = PacketScan.MaxPackets)
{
    private readonly List<long> _times = [];
    private readonly List<long> _keyframes = [];
    private long _end = long.MinValue;
    private bool _isPlain = true;

    /// <summary>Packets so far.</summary>
    public long Count { get; private set; }

    /// <summary>Takes one line. What stands in place of a time that is not known (<c>N/A</c>) is no number.</summary>
    public void Take(string line)
    {
        var text = line.AsSpan();
        var time = Next(ref text);
        var duration = Next(ref text);
        var flags = Next(ref text);
        Count++;
        // D: discard; C: corrupt (libavformat 6.1 and later; fftools/ffprobe.c).
        if (flags.ContainsAny('D', 'C')) _isPlain = false;
        if (!long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pts) || _times.Count == maxPackets)
        {
            _isPlain = false;
            return;
        }
        _times.Add(pts);
        if (flags.Contains('K')) _keyframes.Add(pts);
        var length = long.TryParse(duration, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= long.MaxValue - Math.Max(pts, 0) ? ticks : 0;
        _end = Math.Max(_end, pts + length);
    }

    /// <summary>The table of what was taken.</summary>
    public PacketTable ToTable()
    {
        _times.Sort();
        _keyframes.Sort();
        for (var i = 1; i < _times.Count && _isPlain; i++) _isPlain = _times[i] != _times[i - 1];
        return new PacketTable
        {
            Count = Count, Times = [.. _times], Keyframes = [.. _keyframes], End = _times.Count == 0 ? 0 : _end, IsPlain = _isPlain,
        };
    }

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> text)
    {
        var comma = text.IndexOf(',');
        var field = comma < 0 ? text : text[..comma];
        text = comma < 0 ? default : text[(comma + 1)..];
        return field;
    }
}
