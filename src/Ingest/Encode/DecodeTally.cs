using System.Globalization;
using System.Text.RegularExpressions;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Encode;

/// <summary>What ffmpeg says at its end about each input stream: how many packets it read, and how many frames came out.</summary>
internal sealed partial class DecodeTally
{
    private readonly Dictionary<int, long> _decoded = [];
    private readonly Queue<string> _errors = new();

    /// <summary>Damage that demuxers report while they read.</summary>
    public DamageReport Damage { get; } = new();

    /// <summary>The last lines that ffmpeg marked as errors.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Frames that a stream decoded to, or null where ffmpeg did not say.</summary>
    public long? Decoded(int stream) => _decoded.TryGetValue(stream, out var frames) ? frames : null;

    /// <summary>Takes one line of standard error, under <c>-loglevel level+verbose</c>.</summary>
    public void Take(string line)
    {
        Damage.Take(line);
        if (line.Contains("[error]", StringComparison.Ordinal) || line.Contains("[fatal]", StringComparison.Ordinal))
        {
            if (_errors.Count == 20) _errors.Dequeue();
            _errors.Enqueue(line);
        }
        if (InputStream().Match(line) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var stream)
            && long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var frames))
            _decoded[stream] = frames;
    }

    // "  Input stream #0:3 (video): 390 packets read (123 bytes); 390 frames decoded; " (fftools/ffmpeg.c, 4 to 7)
    [GeneratedRegex(@"Input stream #0:(\d{1,4}) \((?:video|audio)\): \d+ packets read \(\d+ bytes\); (\d{1,18}) frames decoded", RegexOptions.CultureInvariant)]
    private static partial Regex InputStream();
}
