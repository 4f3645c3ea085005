using System.Diagnostics;
using System.Globalization;
using Movento.Harness;
using Xunit;

namespace Movento.Servers;

/// <summary>A real RabbitMQ of the test's own on free ports of the loopback address; gone with the fixture, its epmd too.</summary>
public sealed class RabbitMqFixture : IAsyncLifetime
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly int _epmdPort = FreePort.Next();
    private Process? _process;

    /// <summary>How to reach it; the account guest is one that RabbitMQ lets in from the loopback address only.</summary>
    public string Address => $"amqp://guest:guest@127.0.0.1:{_port}/";

    private string LogFile => _folder.Combine("output.log");

    /// <summary>SIGKILL, as of a machine that loses its power: what it had on its disk is there when it is started again.</summary>
    public async Task KillAsync()
    {
        if (_process is null or { HasExited: true }) return;
        // The server, its script and, as root, the runuser before it.
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await Eventually.TrueAsync(async () => !await FreePort.IsTakenAsync(_port), "nobody listens in RabbitMQ's place");
    }

    /// <summary>Starts it, at first or after <see cref="KillAsync"/>: on the same port, with what it had. One that runs stays.</summary>
    public async Task StartAsync()
    {
        if (_process is { HasExited: false }) return;
        if (!File.Exists(Server)) throw new InvalidOperationException($"RabbitMQ is not installed: there is no {Server}.");
        // As root the server insists on its own user.
        if (Environment.IsPrivilegedProcess) await Tool.OutputAsync("chown", "rabbitmq:", _folder.FullName);
        string[] command = Environment.IsPrivilegedProcess
            ? ["runuser", "-u", "rabbitmq", "--preserve-environment", "--", Server]
            : [Server];
        _process?.Dispose();
        _process = Process.Start(WithEnvironment(new ProcessStartInfo(
            "/bin/sh", ["-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", LogFile, .. command])))!;
        await Eventually.TrueAsync(
            async () => _process.HasExited
                ? throw new InvalidOperationException($"RabbitMQ ended with {_process.ExitCode}: {await File.ReadAllTextAsync(LogFile)}")
                : await FreePort.IsTakenAsync(_port),
            "RabbitMQ listens",
            StartLimit);
    }

    /// <inheritdoc/>
    public Task InitializeAsync() => StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        // Nothing that it holds is worth an orderly stop.
        await KillAsync();

        // The server has left its port mapper behind, which ends itself only once it has noticed that no node is left.
        await Eventually.TrueAsync(StopPortMapperAsync, "epmd stops");
        _process?.Dispose();
        _folder.Dispose();
    }

    private ProcessStartInfo WithEnvironment(ProcessStartInfo start)
    {
        start.Environment["HOME"] = _folder.FullName;
        start.Environment["RABBITMQ_NODENAME"] = $"movento{_port}@localhost";
        start.Environment["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1";
        start.Environment["RABBITMQ_NODE_PORT"] = Text(_port);
        start.Environment["RABBITMQ_DIST_PORT"] = Text(FreePort.Next());
        start.Environment["RABBITMQ_MNESIA_BASE"] = _folder.Combine("mnesia");
        start.Environment["RABBITMQ_LOG_BASE"] = _folder.Combine("log");
        start.Environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder.Combine("plugins");
        start.Environment["ERL_EPMD_PORT"] = Text(_epmdPort);
        start.Environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
        return start;
    }

    private async Task<bool> StopPortMapperAsync()
    {
        using var epmd = Process.Start(WithEnvironment(
            new ProcessStartInfo("epmd", ["-kill"]) { RedirectStandardOutput = true, RedirectStandardError = true }))!;
        await epmd.WaitForExitAsync();
        return epmd.ExitCode == 0;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
