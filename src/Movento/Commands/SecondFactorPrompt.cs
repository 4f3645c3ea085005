using Spectre.Console;

namespace Movento.Commands;

/// <summary>The code of a second factor, from the environment or from whoever sits at the terminal; never from the command line, which others can read.</summary>
internal static class SecondFactorPrompt
{
    public const string CodeVariable = "MOVENTO_CODE";

    /// <summary>Whether there is somebody to ask.</summary>
    public static bool IsTerminal => !Console.IsInputRedirected && AnsiConsole.Profile.Capabilities.Interactive;

    /// <summary>As <see cref="Client.SecondFactorCode"/>.</summary>
    public static async Task<string?> AskAsync(bool isWrong, CancellationToken cancellationToken)
    {
        // One code works once: a wrong one is not tried again.
        if (!isWrong && Environment.GetEnvironmentVariable(CodeVariable) is { Length: > 0 } given) return given;
        if (!IsTerminal) return null;
        AnsiConsole.MarkupLine(isWrong
            ? "[yellow]The code is not right, or was used already.[/]"
            : "[grey]This account has a second factor. Programs upload without one, by an API key (movento upload --help).[/]");
        return await HiddenLine.AskAsync("Code of the authenticator app, or a recovery code:", cancellationToken);
    }
}
