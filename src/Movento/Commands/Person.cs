using System.CommandLine;
using System.Diagnostics;
using Movento.Client;
using Movento.Hosting;
using Spectre.Console;

namespace Movento.Commands;

/// <summary>Runs the system for a person at a terminal: start, say where things are, do what the command is for, serve until Ctrl-C.</summary>
internal static class Person
{
    public static async Task<int> RunAsync(
        ServeOptions serve, ParseResult arguments, Func<MoventoHost, CancellationToken, Task> work)
    {
        using var stop = new StopSignal();
        try
        {
            // 1. Start.
            var watch = Stopwatch.StartNew();
            var options = serve.Read(arguments);
            await using var host = await MoventoHost.StartAsync(
                options, options.Data.LogFile, step => AnsiConsole.MarkupLineInterpolated($"[grey]·[/] {step}"), stop.Token);

            // 2. Where things are.
            AnsiConsole.MarkupLineInterpolated($"[green]✓[/] Movento is up after {watch.Elapsed.TotalSeconds:0.0} s");
            AnsiConsole.WriteLine();
            Line("Pages", host.Api is null ? null : MoventoHost.AddressOf(host.Api));
            Line("Edge", host.Edge is null ? null : MoventoHost.AddressOf(host.Edge));
            Line("Operator", $"{host.Secrets.OperatorEmail}, password in {options.SecretsFile}");
            Line("Data", options.Data.Path);
            Line("Log", options.Data.LogFile);
            Line("Encoders", host.Protection is { } protection ? $"behind {protection}" : null);
            AnsiConsole.WriteLine();

            // 3. What the command is for.
            await work(host, stop.Token);

            // 4. Serve.
            AnsiConsole.MarkupLine("[grey]Serving; Ctrl-C stops.[/]");
            await stop.WaitAsync();
            AnsiConsole.WriteLine();
            AnsiConsole.MarkupLine("[grey]Finishing what is in flight …[/]");
            return ExitCode.Done;
        }
        catch (StartException error)
        {
            foreach (var reason in error.Reasons) AnsiConsole.MarkupLineInterpolated($"[red]✗[/] {reason}");
            return ExitCode.CannotStart;
        }
        catch (Exception error) when (error is MoventoClientException or HttpRequestException or IOException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]✗[/] {error.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    /// <summary>A name and a value on a line of their own; never wrapped, so that an address stays whole. In plain words where nobody looks.</summary>
    public static void Line(string name, string? value)
    {
        // By hand: the first line of the library for colours costs 40 ms, which a short command feels.
        if (value is not null) Console.Out.WriteLine(IsSeen ? $"  \e[90m{name,-10}\e[0m {value}" : $"  {name,-10} {value}");
    }

    // https://no-color.org
    private static bool IsSeen { get; } = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
