using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Movento.Benchmarks;

/// <summary>How the micro benchmarks run when nothing else is asked for on the command line.</summary>
internal static class MicroConfig
{
    public static IConfig For(IReadOnlyCollection<string> options)
    {
        var config = ManualConfig.CreateEmpty()
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddColumn(StatisticColumn.Median, StatisticColumn.Min, StatisticColumn.Max)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddExporter(JsonExporter.Full, MarkdownExporter.GitHub)
            .AddLogger(ConsoleLogger.Default)
            .WithArtifactsPath(Path.Combine(RepositoryRoot(), "artifacts", "benchmarks"));

        // A process of its own for each benchmark would be restored and built first, from the network on a new machine; the
        // numbers of one process are steady enough to compare two commits on one machine.
        return NamesAJob(options) ? config : config.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    }

    /// <summary>Whether the command line chooses how long to measure.</summary>
    public static bool NamesAJob(IReadOnlyCollection<string> options) => options.Contains("--job") || options.Contains("-j");

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Movento.sln")))
                return folder.FullName;
        }

        return Directory.GetCurrentDirectory();
    }
}
