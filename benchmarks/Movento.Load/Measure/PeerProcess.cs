using System.Collections.Concurrent;
using System.Diagnostics;

namespace Movento.Load.Measure;

/// <summary>A peer's command as a child of ours, so that what it used is known when it has ended.</summary>
internal static class PeerProcess
{
    private static readonly ConcurrentDictionary<int, bool> Ids = new();

    /// <summary>The ids of those that run now.</summary>
    public static IReadOnlyCollection<int> Running => [.. Ids.Keys];

    /// <summary>Runs a command to its end, in <paramref name="folder"/>; what it wrote to standard output.</summary>
    /// <exception cref="InvalidOperationException">It failed, with its last words.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, string folder, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        Ids[process.Id] = true;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var words = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {words}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            Ids.TryRemove(process.Id, out _);
        }
    }
}
