using Movento.Harness;

namespace Movento.Packager.Tests.Protection;

/// <summary>What a file decodes to, a hash a frame, without the times: ffmpeg's framemd5.</summary>
internal static class FrameHashes
{
    /// <summary>Decoded frames of one stream.</summary>
    /// <param name="path">A file or URL.</param>
    /// <param name="stream">As -map selects, such as <c>v:0</c>.</param>
    /// <param name="options">Options for the input.</param>
    public static async Task<string[]> OfAsync(string path, string stream, params string[] options)
    {
        var text = await Tool.OutputAsync(
            "ffmpeg", ["-v", "error", "-nostdin", .. options, "-i", path, "-map", $"0:{stream}", "-fps_mode", "passthrough", "-f", "framemd5", "-"]);
        return [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line[(line.LastIndexOf(',') + 1)..].Trim())];
    }
}
