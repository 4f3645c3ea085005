using System.Globalization;

namespace Movento.Ingest.Encode;

/// <summary>How ffmpeg encodes a track of sound: what stands between its <c>-map</c> and its file.</summary>
internal static class AudioArguments
{
    /// <summary>The filters, the encoder and everything that it is told. Pure.</summary>
    public static IEnumerable<string> For(AudioOutput output) =>
    [
        // Silence where the source has gaps, and from time zero on, so that sound stays with the pictures.
        "-af", "aresample=async=1000:min_hard_comp=0.1:first_pts=0",
        "-c:a", "aac", "-b:a", Text(output.Bitrate), "-ac", Text(output.Channels), "-ar", Text(output.SampleRate),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
