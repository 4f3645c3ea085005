using Movento.Load.Contest;

namespace Movento.Load.Package;

/// <summary>
/// <c>movento package</c> beside Shaka Packager, ffmpeg and plain cp: one progressive MP4 in the page cache becomes a fragmented file for each track
/// with HLS and DASH manifests. Every contender is a process of its own that starts cold, ours with the .NET runtime.
/// </summary>
internal static class PackageComparison
{
    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        var results = new List<ComparisonResult>();
        if (settings.Inputs.Count > 0)
        {
            foreach (var input in settings.Inputs)
                results.AddRange(await CompareAsync(input, settings.Rounds, AllPeers, cancellationToken));
            return results;
        }

        results.AddRange(await CompareAsync(await LoopedFilm.MakeAsync(1L << 30, cancellationToken), settings.Rounds, AllPeers, cancellationToken));

        // Memory must not grow with the file; what four times as many bytes take is up to the disk, so the floor is peer enough.
        results.AddRange(await CompareAsync(await LoopedFilm.MakeAsync(4L << 30, cancellationToken), rounds: 1, PackageContenders.Copy, cancellationToken));
        return results;
    }

    private static IEnumerable<Contender> AllPeers(string input, string folder) =>
    [
        .. PackageContenders.Shaka(input, folder), .. PackageContenders.Ffmpeg(input, folder), .. PackageContenders.Copy(input, folder),
    ];

    private static async Task<IReadOnlyList<ComparisonResult>> CompareAsync(
        string input, int rounds, Func<string, string, IEnumerable<Contender>> peers, CancellationToken cancellationToken)
    {
        // Beside the input: on the same disk, which a temporary folder in memory would not be.
        var folder = Path.Combine(LoopedFilm.Folder, "out");
        Directory.CreateDirectory(folder);
        try
        {
            var ours = PackageContenders.Movento(input, folder);
            return await Rounds.RunAsync(Path.GetFileName(input), ours, [.. peers(input, folder)], rounds, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
