using System.Globalization;

namespace Movento.Ingest.Ladder;

/// <summary>What ffmpeg says of one sample: the size of each packet of each way (framecrc), and x264's own measure of similarity.</summary>
internal sealed class SampleTally(int ways)
{
    private const string SimilarityWords = "SSIM Mean Y:";

    private readonly long[] _first = new long[ways];
    private readonly long[] _rest = new long[ways];
    private readonly long[] _packets = new long[ways];

    // x264 speaks when it is closed, and ffmpeg closes encoders in the order of their streams.
    private readonly List<double> _similarities = [];

    /// <summary>The sample, once every way has its packets and its similarity; null before.</summary>
    public ComplexitySample? Sample => _similarities.Count == ways && _packets.All(packets => packets > 0 && packets == _packets[0])
        ? new([.. Enumerable.Range(0, ways).Select(way => new SampledWay(_first[way], _rest[way], _packets[way], _similarities[way]))]) : null;

    /// <summary>Takes a line of framecrc: stream, decode time, presentation time, duration, size, checksum.</summary>
    public void TakePacket(string line)
    {
        if (line.StartsWith('#')) return;
        var fields = line.Split(',', StringSplitOptions.TrimEntries);
        if (fields.Length < 5 || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var way) || way >= ways
            || !long.TryParse(fields[4], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            return;
        if (_packets[way]++ == 0) _first[way] = size;
        else _rest[way] += size;
    }

    /// <summary>Takes a line of ffmpeg's log, such as <c>[libx264 @ 0x5562] SSIM Mean Y:0.9873955 (18.995db)</c>.</summary>
    public void TakeWords(string line)
    {
        var start = line.IndexOf(SimilarityWords, StringComparison.Ordinal);
        if (start < 0) return;
        var number = line.AsSpan(start + SimilarityWords.Length);
        var end = number.IndexOf(' ');
        if (double.TryParse(end < 0 ? number : number[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var similarity)) _similarities.Add(similarity);
    }
}
