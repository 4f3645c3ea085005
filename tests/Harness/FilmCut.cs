using System.Globalization;

namespace Movento.Harness;

/// <summary>The beginning of a film as a film of its own: what a test of the whole way needs of a long one.</summary>
public static class FilmCut
{
    /// <summary>Copies so many seconds without encoding; where to.</summary>
    /// <param name="isFragmented">Whether the new MP4 is one of fragments, as the old one was.</param>
    public static async Task<string> MakeAsync(string film, string destination, double seconds, bool isFragmented = false)
    {
        await Tool.OutputAsync(
            "ffmpeg",
            [
                "-v", "error", "-nostdin", "-y", "-t", seconds.ToString(CultureInfo.InvariantCulture), "-i", film, "-map", "0", "-c", "copy",
                .. isFragmented ? (string[])["-movflags", "+frag_keyframe+delay_moov+default_base_moof"] : [], destination,
            ]);
        return destination;
    }
}
