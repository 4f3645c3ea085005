using System.Diagnostics;
using System.Text;

namespace Movento.Harness;

/// <summary>Runs an outside judge, such as ffprobe or xmllint, and keeps what it says.</summary>
public static class Tool
{
    // Of a machine that does ten other things.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>What the tool wrote, once it has ended.</summary>
    public static async Task<ToolResult> RunAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{tool} {string.Join(' ', arguments)} takes longer than {Limit}.");
        }

        return new ToolResult(process.ExitCode, await output, await errors);
    }

    /// <summary>What the tool wrote to standard output; a failing tool is an exception with its words.</summary>
    public static async Task<string> OutputAsync(string tool, params string[] arguments)
    {
        var result = await RunAsync(tool, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Errors}");
    }
}

/// <summary>How a tool ended.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Errors);
