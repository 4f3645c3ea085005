using System.Globalization;

namespace Movento.Ingest.Tests.Running;

/// <summary>The outside judge: ffprobe on files, without any of our own code in between.</summary>
public static class OutsideProbe
{
    /// <summary>Frames that the n-th video track decodes to.</summary>
    public static long CountFrames(string path, int stream = 0) => long.Parse(
        Run("-count_frames", "-select_streams", $"v:{stream}", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", path).Split(',', '\n')[0],
        CultureInfo.InvariantCulture);

    /// <summary>Presentation times of every keyframe of the first video track, in seconds.</summary>
    public static IReadOnlyList<double> Keyframes(string path) =>
    [
        .. Run("-select_streams", "v:0", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0", path)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))
            .Where(fields => fields[1].Contains('K')).Select(fields => double.Parse(fields[0], CultureInfo.InvariantCulture)),
    ];

    /// <summary>One value of the first video track.</summary>
    public static string Video(string path, string entry) =>
        Run("-select_streams", "v:0", "-show_entries", $"stream={entry}", "-of", "csv=p=0", path).Trim().TrimEnd(',');

    /// <summary>Presentation times of every frame of the first video track, in seconds, in order.</summary>
    public static IReadOnlyList<double> FrameTimes(string path) =>
    [
        .. Run("-select_streams", "v:0", "-show_entries", "packet=pts_time", "-of", "csv=p=0", path)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => double.Parse(line.Trim(','), CultureInfo.InvariantCulture)).Order(),
    ];

    /// <summary>How alike a film's pictures and those of each of its rungs are: SSIM, 1 where they are the same. The film is decoded once.</summary>
    public static IReadOnlyList<double> Similarities(string source, IReadOnlyList<(string Path, int Width, int Height)> rungs)
    {
        using var logs = new Movento.Harness.TemporaryFolder();
        var filters = rungs.Select((rung, i) =>
            $"[s{i}]scale={rung.Width}:{rung.Height},setsar=1,format=yuv420p[a{i}];[{i + 1}:v:0]settb=AVTB,setpts=N,setsar=1[b{i}];[a{i}][b{i}]ssim=stats_file={logs.Combine($"{i}")}");
        var split = $"[0:v:0]settb=AVTB,setpts=N,split={rungs.Count}{string.Concat(rungs.Select((_, i) => $"[s{i}]"))}";
        Tool("ffmpeg",
        [
            "-v", "error", "-nostdin", "-i", source, .. rungs.SelectMany(rung => (string[])["-i", rung.Path]),
            "-filter_complex", string.Join(';', filters.Prepend(split)), "-f", "null", "-",
        ]);
        return [.. rungs.Select((_, i) => File.ReadLines(logs.Combine($"{i}")).Average(
            line => double.Parse(line.Split("All:")[1].Split(' ')[0], CultureInfo.InvariantCulture)))];
    }

    public static string Run(params string[] arguments) => Tool("ffprobe", ["-v", "error", .. arguments]);

    public static string Tool(string tool, params string[] arguments) =>
        Harness.Tool.OutputAsync(tool, arguments).GetAwaiter().GetResult();
}
