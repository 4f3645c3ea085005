using Microsoft.Extensions.Logging;

namespace Movento.Ingest.Tools;

/// <summary>
/// Whether the tools of this process run in a sandbox: found out once, at the start, by running one in it. bubblewrap may be present and still not be
/// permitted, in a container for one.
/// </summary>
/// <remarks>
/// What it costs a start, measured with forty starts of <c>true</c> in turn with and without it, under load on two cores: 2 ms of the processor, and
/// 12 ms of waiting (the least of 44 ms against 29 ms for nice, setsid, setpriv and prlimit alone).
/// </remarks>
public sealed partial class ToolSandbox
{
    private readonly IngestOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ToolSandbox> _logger;
    private string? _filter;
    private bool? _isActive;

    internal ToolSandbox(IngestOptions options, TimeProvider time, ILogger<ToolSandbox> logger) =>
        (_options, _time, _logger) = (options, time, logger);

    /// <summary>What protects this machine from an upload, one sentence for the operator; null before the start.</summary>
    public string? Report { get; private set; }

    /// <summary>Whether tools run in it.</summary>
    internal bool IsActive => _isActive ?? throw new InvalidOperationException("Whether there is a sandbox has not been found out yet.");

    /// <summary>The words that stand before the name of a run's tool; none without a sandbox.</summary>
    internal IReadOnlyList<string> Wrap(ToolRun run) =>
        IsActive ? Bubblewrap.Arguments(run.Tool, run.Folder, run.ReadOnlyPaths, _filter) : [];

    /// <summary>Finds out, once, and says what protects.</summary>
    /// <exception cref="SandboxMissingException">It is required and not there.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.Sandbox == SandboxUse.Off)
        {
            Conclude(false, "limits only, no sandbox: Ingest:Sandbox is off");
            return;
        }
        var why = await TryAsync(cancellationToken);
        if (why is null)
        {
            Conclude(true, _filter is null ? "bubblewrap, and limits" : "bubblewrap with a filter of system calls, and limits");
            return;
        }
        if (_options.Sandbox == SandboxUse.Required) throw new SandboxMissingException(why);
        Conclude(false, $"limits only, no sandbox: {why}");
    }

    private void Conclude(bool isActive, string report)
    {
        (_isActive, Report) = (isActive, report);
        if (isActive) Log.Sandboxed(_logger, report);
        else Log.NotSandboxed(_logger, report);
    }

    /// <summary>Runs both tools in it. Null, or why they did not.</summary>
    private async Task<string?> TryAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_options.WorkFolder, OwnerOnly);
        var folder = Directory.CreateDirectory(Path.Combine(_options.WorkFolder, $"sandbox-{Guid.NewGuid():N}"), OwnerOnly).FullName;
        try
        {
            _filter = await WriteFilterAsync(folder, cancellationToken);
            foreach (var tool in (string[])[_options.FfprobePath, _options.FfmpegPath])
            {
                IReadOnlyList<string> command = [.. Bubblewrap.Arguments(tool, folder, [], _filter), tool, "-version"];
                var result = await new ToolRunner(_time).RunAsync(new ToolRun
                {
                    Tool = command[0],
                    Arguments = [.. command.Skip(1)],
                    Folder = folder,
                    TimeLimit = TimeSpan.FromSeconds(30),
                    MemoryBytes = _options.ToolMemoryBytes,
                }, cancellationToken);
                if (result.ExitCode != 0) return $"{Path.GetFileName(tool)} ended with {result.ExitCode} in it: {result.ErrorTail.Split('\n')[0]}.";
            }
            return null;
        }
        catch (ToolNotStartedException exception)
        {
            return Why(exception.Message);
        }
        catch (ToolTimedOutException exception)
        {
            return exception.Message;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Why(string said) =>
        said.Contains("bwrap: not found", StringComparison.Ordinal) || said.Contains("failed to execute bwrap", StringComparison.Ordinal)
            ? "bubblewrap is not installed."
            : $"{said.Split('\n')[0]}.";

    // The same for every process of this machine; renamed into place, so that nobody meets half of it.
    private async Task<string?> WriteFilterAsync(string folder, CancellationToken cancellationToken)
    {
        if (SyscallFilter.Program() is not { } program) return null;
        var written = Path.Combine(folder, "filter");
        await File.WriteAllBytesAsync(written, program, cancellationToken);
        var path = Path.Combine(_options.WorkFolder, "sandbox.bpf");
        File.Move(written, path, overwrite: true);
        return path;
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static partial class Log
    {
        [LoggerMessage(3801, LogLevel.Information, "Uploads are read by tools behind {Protection}")]
        public static partial void Sandboxed(ILogger logger, string protection);

        [LoggerMessage(3802, LogLevel.Warning, "Uploads are read by tools behind {Protection}")]
        public static partial void NotSandboxed(ILogger logger, string protection);
    }
}
