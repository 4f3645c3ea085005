using System.Globalization;

namespace Movento.Harness;

/// <summary>Counts what really decodes.</summary>
public static class FrameCount
{
    /// <summary>
    /// How many frames of one video stream ffmpeg decodes, from a file or a URL; <paramref name="stream"/> as ffprobe selects streams.
    /// </summary>
    public static async Task<int> OfAsync(string input, string stream = "v:0")
    {
        var text = await Tool.OutputAsync(
            "ffprobe", "-v", "error", "-count_frames", "-select_streams", stream, "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", input);
        return int.Parse(text.Split('\n', ',')[0].Trim(), CultureInfo.InvariantCulture);
    }
}
