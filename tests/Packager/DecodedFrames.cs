using System.Globalization;
using Movento.Harness;

namespace Movento.Packager.Tests;

/// <summary>What ffmpeg decodes: every picture with its time, every sample of sound.</summary>
internal static class DecodedFrames
{
    /// <summary>When each picture is shown, in milliseconds, and its MD5.</summary>
    public static async Task<(long Milliseconds, string Hash)[]> PicturesAsync(string path)
    {
        var lines = await Tool.OutputAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-copyts", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-enc_time_base", "1:1000", "-f", "framemd5", "-");
        var frames =
            from line in lines.Split('\n')
            where line is [not '#', ..]
            let fields = line.Split(',', StringSplitOptions.TrimEntries)
            select (long.Parse(fields[2], CultureInfo.InvariantCulture), fields[5]);
        return [.. frames];
    }

    /// <summary>The MD5 of the samples from presentation time zero on: what lies before it is decoded and not heard.</summary>
    public static async Task<string> SoundAsync(string path) => await Tool.OutputAsync(
        "ffmpeg", "-v", "error", "-nostdin", "-copyts", "-i", path, "-map", "0:a:0", "-af", "atrim=start=0", "-f", "md5", "-");
}
