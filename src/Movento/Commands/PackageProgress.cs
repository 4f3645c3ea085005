using Movento.Packager.Presentations;
using Spectre.Console;

namespace Movento.Commands;

/// <summary>A progress bar for a person; nothing where the output is a file or a pipe.</summary>
internal static class PackageProgress
{
    /// <summary>Runs the work; its progress counts bytes, of which the files have about as many.</summary>
    public static async Task<Presentation> RunAsync(IReadOnlyList<string> paths, Func<IProgress<long>?, Task<Presentation>> work)
    {
        if (Console.IsOutputRedirected) return await work(null);
        return await AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("package", maxValue: Math.Max(1, paths.Sum(path => new FileInfo(path).Length)));
                return await work(new Bar(bar));
            });
    }

    private sealed class Bar(ProgressTask bar) : IProgress<long>
    {
        public void Report(long value) => bar.Increment(value);
    }
}
