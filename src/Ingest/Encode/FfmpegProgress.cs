using System.Globalization;

namespace Movento.Ingest.Encode;

/// <summary>Reads what <c>-progress</c> prints: <c>key=value</c> lines, a block of them every half second.</summary>
internal sealed class FfmpegProgress(TimeSpan duration, Action<double> onProgress)
{
    /// <summary>Takes one line of standard output.</summary>
    public void Take(string line)
    {
        // out_time_ms is microseconds too, under a name that was kept for its users.
        const string Key = "out_time_us=";
        if (!line.StartsWith(Key, StringComparison.Ordinal)) return;
        if (!long.TryParse(line.AsSpan(Key.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var microseconds)) return;
        if (duration > TimeSpan.Zero) onProgress(Math.Clamp(microseconds / duration.TotalMicroseconds, 0, 1));
    }
}
