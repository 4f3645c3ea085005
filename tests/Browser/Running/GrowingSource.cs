using System.Globalization;
using Movento.Harness;
using Movento.Packager.Tracks;

namespace Movento.Browser.Tests.Running;

/// <summary>What an encoder leaves of a film: chunks of pictures in two sizes, and a fragmented file of sound.</summary>
internal sealed record GrowingSource(IReadOnlyList<TrackChunk> Small, IReadOnlyList<TrackChunk> Large, string Sound, string Folder)
{
    /// <summary>Seconds, and so chunks of a second each.</summary>
    public const int Seconds = 6;

    public static async Task<GrowingSource> MakeAsync(TemporaryFolder folder)
    {
        var small = await CutAsync(folder, "320x180");
        var large = await CutAsync(folder, "640x360");
        var sound = folder.Combine("sound.mp4");
        await FfmpegAsync(
            "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"sine=duration={Seconds}:sample_rate=48000"), "-c:a", "aac", "-ac", "2",
            "-f", "mp4", "-movflags", "+delay_moov+default_base_moof", "-frag_duration", "500000", sound);
        return new GrowingSource(small, large, sound, folder.FullName);
    }

    // Encoded once, then cut at its key frames: every second is a file with times of its own.
    private static async Task<IReadOnlyList<TrackChunk>> CutAsync(TemporaryFolder folder, string size)
    {
        var whole = folder.Combine($"{size}.mp4");
        await FfmpegAsync(
            "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"testsrc2=rate=25:duration={Seconds}:size={size},format=yuv420p"),
            "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25", "-sc_threshold", "0", whole);
        var chunks = new List<TrackChunk>();
        for (var second = 0; second < Seconds; second++)
        {
            var path = folder.Combine($"{size}-{second}.mp4");
            await FfmpegAsync("-ss", second.ToString(CultureInfo.InvariantCulture), "-i", whole, "-c", "copy", "-frames:v", "25", path);
            chunks.Add(new TrackChunk(path, TimeSpan.FromSeconds(second)));
        }

        return chunks;
    }

    private static Task<string> FfmpegAsync(params string[] arguments) => Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]);
}
