using System.Diagnostics;
using System.Globalization;

namespace Movento.Harness;

/// <summary>A real Redis of the test's own on a free port of the loopback address; nothing is kept, and it is gone with the object.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private Process? _process;

    /// <summary>How to reach it, as StackExchange.Redis writes it.</summary>
    public string Configuration => $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A server that answers.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.RunAsync();
        return server;
    }

    /// <summary>Starts it, or starts it again after <see cref="KillAsync"/>, empty.</summary>
    public async Task RunAsync()
    {
        _process = Process.Start(new ProcessStartInfo(
            "redis-server",
            ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no", "--dir", _folder.FullName, "--logfile", "redis.log"]))!;
        await Eventually.TrueAsync(
            async () => _process.HasExited ? throw new InvalidOperationException($"redis-server ended with {_process.ExitCode}.") : await FreePort.IsTakenAsync(_port),
            "Redis listens");
    }

    /// <summary>As a machine that goes away.</summary>
    public async Task KillAsync()
    {
        if (_process is not { HasExited: false }) return;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>It keeps its connections and answers nobody, until <see cref="ResumeAsync"/>.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>What <c>redis-cli</c> answers.</summary>
    public async Task<string> AskAsync(params string[] command) =>
        (await Tool.OutputAsync("redis-cli", ["-p", _port.ToString(CultureInfo.InvariantCulture), .. command])).TrimEnd();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _folder.Dispose();
    }

    private Task<string> SignalAsync(string signal) => Tool.OutputAsync("kill", $"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture));
}
