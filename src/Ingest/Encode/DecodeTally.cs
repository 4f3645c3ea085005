using System.Globalization;
using System.Text.RegularExpressions;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Encode;

/// <summary>What ffmpeg says at its end about each input stream: how many packets it read, and how many frames came out.</summary>
internal sealed partial class DecodeTally
{
    private readonly Dictionary<int, long> _decoded = [];
    private readonly Queue<string> _errors = new();
    private const int MaxOutputs = 64;
    private readonly List<double> _ssim = [];

    /// <summary>Damage that demuxers report while they read.</summary>
    public DamageReport Damage { get; } = new();

    /// <summary>The last lines that ffmpeg marked as errors.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Whether there was no room for what ffmpeg wrote: no word about the film.</summary>
    public bool IsDiskFull { get; private set; }

    /// <summary>Frames that a stream decoded to, or null where ffmpeg did not say.</summary>
    public long? Decoded(int stream) => _decoded.TryGetValue(stream, out var frames) ? frames : null;

    /// <summary>Packets that were read and frames that came out of them, of the one track of sound that was decoded; null where ffmpeg did not say.</summary>
    public (long Packets, long Frames)? Sound { get; private set; }

    /// <summary>How loud the sound is, where a filter measured it.</summary>
    public LoudnessSummary Loudness { get; } = new();

    /// <summary>
    /// The SSIM of an output as its encoder measured it, or null where not every one of <paramref name="count"/> encoders told: they tell it when they are
    /// closed, in the order of the outputs (fftools/ffmpeg.c, 5.1), without their names.
    /// </summary>
    public double? SsimOf(int output, int count) => _ssim.Count == count ? _ssim[output] : null;

    /// <summary>Takes one line of standard error, under <c>-loglevel level+verbose</c>.</summary>
    public void Take(string line)
    {
        Damage.Take(line);
        Loudness.Take(line);
        if (line.Contains("[error]", StringComparison.Ordinal) || line.Contains("[fatal]", StringComparison.Ordinal))
        {
            if (_errors.Count == 20) _errors.Dequeue();
            _errors.Enqueue(line);
            IsDiskFull |= DiskFull().IsMatch(line);
        }
        if (InputStream().Match(line) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var stream)
            && long.TryParse(match.Groups[3].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var packets)
            && long.TryParse(match.Groups[4].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var frames))
        {
            _decoded[stream] = frames;
            if (match.Groups[2].ValueSpan is "audio") Sound = (packets, frames);
        }
        if (EncoderSsim().Match(line) is { Success: true } similarity && _ssim.Count < MaxOutputs
            && double.TryParse(similarity.Groups[1].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var ssim))
            _ssim.Add(ssim);
    }

    // "[libx264 @ 0x55d0] [info] SSIM Mean Y:0.9871234 (18.9db)" (x264, encoder/encoder.c)
    [GeneratedRegex(@"^\[libx264 @ \w+\] \[info\] SSIM Mean Y:(\d\.\d{1,12}) ", RegexOptions.CultureInvariant)]
    private static partial Regex EncoderSsim();

    // "[error] av_interleaved_write_frame(): No space left on device" (strerror(3) of ENOSPC and EDQUOT). From its beginning to its end: what a file says of itself comes
    // in lines too, and such a film would be tried for ever.
    [GeneratedRegex(@"^(\[[^\]]* @ \w+\] )?\[(error|fatal)\] \S.*: (No space left on device|Disk quota exceeded)$", RegexOptions.CultureInvariant)]
    private static partial Regex DiskFull();

    // "  Input stream #0:3 (video): 390 packets read (123 bytes); 390 frames decoded; " (fftools/ffmpeg.c, 4 to 7)
    [GeneratedRegex(@"Input stream #0:(\d{1,4}) \((video|audio)\): (\d{1,18}) packets read \(\d+ bytes\); (\d{1,18}) frames decoded", RegexOptions.CultureInvariant)]
    private static partial Regex InputStream();
}
