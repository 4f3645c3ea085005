using System.CommandLine;

namespace Movento.Commands;

/// <summary><c>movento up</c>: for a person. Says what it does and where things are; the JSON log goes to a file.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var command = new Command("up", "Run the system and say where it is; the log goes to a file.");
        var options = new ServeOptions(command);
        command.SetAction((arguments, _) => Person.RunAsync(options, arguments, (_, _) => Task.CompletedTask));
        return command;
    }
}
