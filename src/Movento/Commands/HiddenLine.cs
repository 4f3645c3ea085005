using System.Text;

namespace Movento.Commands;

/// <summary>A line that is typed at the terminal and not shown there, as a password. The library's own prompt heard neither Ctrl-C nor the end of input.</summary>
internal static class HiddenLine
{
    private const char EndOfTransmission = '\u0004';

    /// <summary>Longer than any password; what is typed past it is dropped.</summary>
    private const int MaxLength = 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks until something is typed. The terminal shows what is typed again once the process ends, however it does.</summary>
    /// <param name="question">What is wanted, for one line.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <returns>The line without its end; null at the end of input (Ctrl-D).</returns>
    public static async Task<string?> AskAsync(string question, CancellationToken cancellationToken)
    {
        Console.Out.Write(question + " ");
        var line = new StringBuilder();
        try
        {
            while (true)
            {
                // A key that is waited for cannot be given up, so it is taken only once it is there.
                while (!Console.KeyAvailable) await Task.Delay(Pause, cancellationToken);
                var key = Console.ReadKey(intercept: true);
                if (key.KeyChar == EndOfTransmission || key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control }) return null;
                if (key.Key == ConsoleKey.Enter)
                {
                    if (line.Length > 0) return line.ToString();
                }
                else if (key.Key == ConsoleKey.Backspace)
                {
                    RemoveLast(line);
                }
                else if (key is { Key: ConsoleKey.U, Modifiers: ConsoleModifiers.Control })
                {
                    line.Clear();
                }
                else if (!char.IsControl(key.KeyChar) && line.Length < MaxLength)
                {
                    line.Append(key.KeyChar);
                }
            }
        }
        finally
        {
            Console.Out.WriteLine();
        }
    }

    // One that is written in two units goes whole.
    private static void RemoveLast(StringBuilder line)
    {
        var units = line.Length > 1 && char.IsLowSurrogate(line[^1]) ? 2 : 1;
        line.Length = Math.Max(0, line.Length - units);
    }
}
