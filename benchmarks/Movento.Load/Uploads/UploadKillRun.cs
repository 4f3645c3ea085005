using System.Globalization;
using Movento.Load.Contest;
using Movento.Servers;

namespace Movento.Load.Uploads;

/// <summary>A hundred kills in the midst of uploads; a proof by hand, since it takes minutes. <c>--rounds</c> says how many.</summary>
internal static class UploadKillRun
{
    private const int Kills = 100;

    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        var movento = new RunningMovento().With("Ingest:Films=0");
        await movento.InitializeAsync();
        try
        {
            var seed = Environment.TickCount;
            Console.WriteLine($"Seed {seed}");
            var result = await UploadKills.RunAsync(movento, settings.AskedRounds ?? Kills, seed, Console.WriteLine, cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{result.Kills} kills: {result.Uploads} uploads of {result.Bytes / 1e6:0} MB whole with their own SHA-256, {result.Acknowledgements} acknowledgements held, {result.Resumes} resumes"));
            return [];
        }
        finally
        {
            await movento.DisposeAsync();
        }
    }
}
