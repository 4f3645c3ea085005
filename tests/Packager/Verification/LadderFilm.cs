using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Verification;

namespace Movento.Packager.Tests.Verification;

/// <summary>Two rungs, one that is not aligned with them, and sound: made once, packaged by us and by others.</summary>
public sealed class LadderFilm : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Rendition> _renditions = [];

    /// <summary>12 s of 320x180 at 25 frames a second with B-frames, a group of pictures every 2 s, with sound.</summary>
    public string Low => _folder.Combine("low.mp4");

    /// <summary>The same at 640x360, without sound.</summary>
    public string High => _folder.Combine("high.mp4");

    public Presentation Good => Of("low", "high", "sound");

    /// <summary>The second rung's groups of pictures last 1.2 s.</summary>
    public Presentation Unaligned => Of("low", "odd", "sound");

    public async Task InitializeAsync()
    {
        await EncodeAsync("320x180", 50, "250k", Low, withSound: true);
        await EncodeAsync("640x360", 50, "900k", High, withSound: false);
        await EncodeAsync("640x360", 30, "900k", _folder.Combine("odd.mp4"), withSound: false);
        await PackageAsync("low", Low, TrackKind.Video);
        await PackageAsync("high", High, TrackKind.Video);
        await PackageAsync("odd", _folder.Combine("odd.mp4"), TrackKind.Video);
        await PackageAsync("sound", Low, TrackKind.Audio);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    public PackagedSource Source(Presentation presentation) =>
        new(presentation, presentation.Renditions.ToDictionary(rendition => $"{rendition.Id}.mp4", rendition => _folder.Combine($"{rendition.Id}.cmaf")));

    private Presentation Of(params string[] ids) => new() { Renditions = [.. ids.Select(id => _renditions[id])] };

    private async Task PackageAsync(string id, string source, TrackKind kind) => _renditions[id] = await PackagedFilm.PackageAsync(
        source, _folder.Combine($"{id}.cmaf"), new CmafSettings { Id = id, Kind = kind, SegmentDuration = TimeSpan.FromSeconds(4), Language = "en" });

    private static Task<string> EncodeAsync(string size, int group, string rate, string path, bool withSound) => Tool.OutputAsync(
        "ffmpeg",
        [
            "-v", "error", "-nostdin", "-y", "-threads", "2", "-f", "lavfi", "-i", $"testsrc2=rate=25:duration=12:size={size}",
            .. (string[])(withSound ? ["-f", "lavfi", "-i", "sine=duration=12:sample_rate=48000", "-c:a", "aac", "-ac", "2"] : []),
            "-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", $"{group}", "-keyint_min", $"{group}", "-sc_threshold", "0", "-pix_fmt", "yuv420p",
            "-b:v", rate, path,
        ]);
}
