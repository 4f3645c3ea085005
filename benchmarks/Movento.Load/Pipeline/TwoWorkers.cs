using System.Globalization;
using Movento.Client;
using Movento.Harness;
using Movento.Load.Contest;
using Movento.Servers;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Load.Pipeline;

/// <summary>
/// One film through two workers beside the same film through one of them. Each is a process of its own, which makes one encode at a time and has one
/// processor for everything it does; both share one PostgreSQL and one object store with a third process, which takes the uploads.
/// </summary>
internal static class TwoWorkers
{
    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        if (Environment.ProcessorCount < 2) throw new InvalidOperationException("Two workers need two processors.");
        var film = settings.Inputs.Count > 0 ? settings.Inputs[0] : Repository.Media("bbb_720p24_60s.mp4");
        using var shared = new TemporaryFolder();
        var postgres = new PostgresFixture();
        var rabbit = new RabbitMqFixture();
        await postgres.InitializeAsync();
        await rabbit.InitializeAsync();
        var processes = new List<RunningMovento>();
        try
        {
            var database = await postgres.CreateDatabaseAsync();
            Console.WriteLine("Starting Movento three times");
            var front = await StartAsync("control,ingest");
            var first = await StartAsync("worker");
            var second = await StartAsync("worker");
            await BindAsync(first, processor: 0);
            await BindAsync(second, processor: 1);
            await front.SignInAsync();
            using var client = new MoventoClient(front.Api);
            await client.SignInAsync(front.Operator.Email, front.Operator.Password, cancellationToken);
            using var store = new FileObjectStore(new FileStorageOptions { Folder = shared.Combine("objects") }, TimeProvider.System);

            // Each once to warm up.
            Console.WriteLine($"Warming up with {Path.GetFileName(film)}");
            await PublishedVersion.MakeAsync(client, store, film, cancellationToken);
            Contender With(string name, bool both) => new(name, $"curl -T {film} {front.Api}api/uploads/", [.. processes.Select(process => process.Process.Id)],
                async stop => (await PublishedVersion.MakeAsync(client, store, film, stop)).MediaBytes)
            {
                // One that is stopped claims nothing.
                Prepare = _ => SignalAsync(second, both ? "-CONT" : "-STOP"),
            };
            IReadOnlyList<ComparisonResult> results;
            try
            {
                results = await Rounds.RunAsync(
                    Path.GetFileName(film), With("two workers", both: true), [With("one worker", both: false)], settings.Rounds, cancellationToken);
            }
            finally
            {
                // It could not even end.
                await SignalAsync(second, "-CONT");
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Two workers are {1 / results[0].Ratio.WallSeconds.Median:0.00} times as fast as one."));
            return results;

            async Task<RunningMovento> StartAsync(string roles)
            {
                var process = new RunningMovento { Roles = roles, IsMeasured = true };
                processes.Add(process);
                foreach (var setting in (string[])
                [
                    "SecretsFile=" + shared.Combine("secrets.json"), "Database:ConnectionString=" + database, "Storage:Files:Folder=" + shared.Combine("objects"),
                    "Messaging:RabbitMq=" + rabbit.Address, "Ingest:Concurrency=1", "Ingest:ToolNiceness=0",
                ])
                    process.With(setting);
                await process.StartAsync();
                return process;
            }
        }
        finally
        {
            foreach (var process in Enumerable.Reverse(processes)) await process.DisposeAsync();
            await rabbit.DisposeAsync();
            await postgres.DisposeAsync();
        }
    }

    // Whatever it starts from now on runs there too.
    private static Task<string> BindAsync(RunningMovento worker, int processor) =>
        Tool.OutputAsync("taskset", "--all-tasks", "--cpu-list", "--pid", Text(processor), Text(worker.Process.Id));

    private static Task<string> SignalAsync(RunningMovento worker, string signal) => Tool.OutputAsync("kill", signal, Text(worker.Process.Id));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
