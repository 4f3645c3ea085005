using System.Globalization;

namespace Movento.Ingest.Encode;

/// <summary>Reads what <c>-progress</c> prints: <c>key=value</c> lines, a block of them every half second.</summary>
internal sealed class FfmpegProgress(TimeSpan duration, Action<double> onProgress)
{
    /// <summary>Frames of the first output of pictures so far; null before the first block, and without pictures.</summary>
    public long? Frames { get; private set; }

    /// <summary>Takes one line of standard output.</summary>
    public void Take(string line)
    {
        const string FrameKey = "frame=";
        if (line.StartsWith(FrameKey, StringComparison.Ordinal)
            && long.TryParse(line.AsSpan(FrameKey.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var frames))
            Frames = frames;

        // out_time_ms is microseconds too, under a name that was kept for its users.
        const string Key = "out_time_us=";
        if (!line.StartsWith(Key, StringComparison.Ordinal)) return;
        if (!long.TryParse(line.AsSpan(Key.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var microseconds)) return;
        if (duration > TimeSpan.Zero) onProgress(Math.Clamp(microseconds / duration.TotalMicroseconds, 0, 1));
    }
}
