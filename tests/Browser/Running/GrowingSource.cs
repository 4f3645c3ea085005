using System.Globalization;
using Movento.Harness;
using Movento.Packager.Tracks;

namespace Movento.Browser.Tests.Running;

/// <summary>What an encoder leaves of a film: chunks of pictures in two sizes, and a fragmented file of sound.</summary>
internal sealed record GrowingSource(IReadOnlyList<TrackChunk> Small, IReadOnlyList<TrackChunk> Large, string Sound, string Folder)
{
    /// <summary>Seconds, and so chunks of a second each.</summary>
    public const int Seconds = 8;

    public static async Task<GrowingSource> MakeAsync(TemporaryFolder folder)
    {
        var small = new List<TrackChunk>();
        var large = new List<TrackChunk>();
        for (var second = 0; second < Seconds; second++)
        {
            small.Add(await EncodeAsync(folder, second, "320x180"));
            large.Add(await EncodeAsync(folder, second, "640x360"));
        }

        var sound = folder.Combine("sound.mp4");
        await FfmpegAsync(
            "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"sine=duration={Seconds}:sample_rate=48000"), "-c:a", "aac", "-ac", "2",
            "-f", "mp4", "-movflags", "+delay_moov+default_base_moof", "-frag_duration", "500000", sound);
        return new GrowingSource(small, large, sound, folder.FullName);
    }

    private static async Task<TrackChunk> EncodeAsync(TemporaryFolder folder, int second, string size)
    {
        var path = folder.Combine($"{size}-{second}.mp4");
        await FfmpegAsync(
            "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"testsrc2=rate=25:duration={Seconds}:size={size},trim={second}:{second + 1},setpts=PTS-STARTPTS,format=yuv420p"),
            "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25", "-sc_threshold", "0", "-enc_time_base", "1:12800", "-video_track_timescale", "12800", path);
        return new TrackChunk(path, TimeSpan.FromSeconds(second));
    }

    private static Task<string> FfmpegAsync(params string[] arguments) => Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments]);
}
