using System.Diagnostics;
using Movento.Harness;

namespace Movento.Load.Delivery;

/// <summary>A server as a child process, ready when it accepts connections.</summary>
internal sealed class BackgroundProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private BackgroundProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static async Task<BackgroundProcess> StartAsync(IReadOnlyList<string> command, string log, int port, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "out=$1; shift; ulimit -n $(ulimit -Hn); exec \"$@\" >>\"$out\" 2>&1 </dev/null", "sh", log } };
        foreach (var word in command) start.ArgumentList.Add(word);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        await Eventually.TrueAsync(
            async () => process.HasExited ? throw new InvalidOperationException($"{command[0]} ended: {await File.ReadAllTextAsync(log)}") : await FreePort.IsTakenAsync(port),
            $"{command[0]} accepts connections",
            StartLimit);
        return new BackgroundProcess(process);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
