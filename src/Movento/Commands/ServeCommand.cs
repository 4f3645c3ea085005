using System.CommandLine;
using Movento.Hosting;

namespace Movento.Commands;

/// <summary><c>movento serve</c>: for machines. JSON logs on standard output, errors of the start on standard error.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Run the system; JSON logs on standard output.");
        var options = new ServeOptions(command);
        command.SetAction((arguments, _) => RunAsync(options, arguments));
        return command;
    }

    private static async Task<int> RunAsync(ServeOptions serve, ParseResult arguments)
    {
        using var stop = new StopSignal();
        try
        {
            await using var host = await MoventoHost.StartAsync(serve.Read(arguments), logFile: null, _ => { }, stop.Token);
            await stop.WaitAsync();
            return ExitCode.Done;
        }
        catch (StartException error)
        {
            foreach (var reason in error.Reasons) await Console.Error.WriteLineAsync(reason);
            return ExitCode.CannotStart;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }
}
