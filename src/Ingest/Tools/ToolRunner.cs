using System.Diagnostics;
using System.Globalization;

namespace Movento.Ingest.Tools;

/// <summary>
/// Runs a tool on untrusted input. It has an argument list and no shell, a session and process group of its own, limits on
/// memory, processor time, file size, open files and processes, no inherited environment, no standard input, and dies with us. Where there is a
/// sandbox, it runs in it.
/// </summary>
internal sealed class ToolRunner(TimeProvider time, ToolSandbox? sandbox = null)
{
    private const int TailLines = 40;

    // Of one user, all of its processes and threads together; root has no such limit. An encode on 64 cores has about 1200 threads.
    private const long MaxProcesses = 8192;
    private static readonly long Processes = Math.Min(MaxProcesses, HardLimitOfProcesses());

    /// <summary>Runs it to its end. Cancelling kills the whole process group before the task completes.</summary>
    /// <exception cref="ToolTimedOutException">It did not end in time; its group was killed.</exception>
    /// <exception cref="ToolOutputTooLargeException">It wrote too much; its group was killed.</exception>
    /// <exception cref="ToolNotStartedException">What stands before it failed.</exception>
    public async Task<ToolResult> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = StartInfo(run) };
        var exited = await StartAsync(process);
        run.OnStarted?.Invoke(process.Id);

        using var limit = new CancellationTokenSource(run.TimeLimit, time);
        var tooMuch = false;
        void Kill() => ProcessGroup.Kill(process.Id, exited);
        await using var onCancel = cancellationToken.Register(Kill);
        await using var onLimit = limit.Token.Register(Kill);

        process.StandardInput.Close();
        var tail = new Queue<string>();
        var errors = BoundedLines.ReadAsync(process.StandardError.BaseStream, line =>
        {
            run.OnErrorLine?.Invoke(line);
            if (tail.Count == TailLines) tail.Dequeue();
            tail.Enqueue(line);
        });
        var output = run.OnOutputLine is { } onLine
            ? DrainLinesAsync(process.StandardOutput.BaseStream, onLine)
            : KeepAsync(process.StandardOutput.BaseStream, run.MaxOutputBytes, () => { tooMuch = true; Kill(); });

        var kept = await output;
        await errors;
        var exitCode = await exited;

        cancellationToken.ThrowIfCancellationRequested();
        if (limit.IsCancellationRequested) throw new ToolTimedOutException(Path.GetFileName(run.Tool), run.TimeLimit);
        if (tooMuch) throw new ToolOutputTooLargeException(Path.GetFileName(run.Tool), run.MaxOutputBytes);
        // exec of a name that is not there (env(1): 126, 127), or no sandbox this time.
        if (exitCode is 126 or 127 || exitCode == 1 && tail.TryPeek(out var first) && first.StartsWith("bwrap: ", StringComparison.Ordinal))
            throw new ToolNotStartedException(Path.GetFileName(run.Tool), string.Join('\n', tail));
        return new ToolResult(exitCode, kept, string.Join('\n', tail));
    }

    /// <summary>Runs what a film can do without: null where it ended well, and what it should have made is there; else what is to be said of it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isMade">Whether it is; null where the end says all.</param>
    /// <param name="cancellationToken">As of <see cref="RunAsync"/>, whose other exceptions it throws too.</param>
    public async Task<string?> TryRunAsync(ToolRun run, Func<bool>? isMade, CancellationToken cancellationToken)
    {
        try
        {
            var result = await RunAsync(run, cancellationToken);
            return result.ExitCode == 0 && isMade?.Invoke() != false ? null : result.ErrorTail;
        }
        catch (ToolTimedOutException exception)
        {
            return exception.Message;
        }
    }

    private ProcessStartInfo StartInfo(ToolRun run)
    {
        var start = new ProcessStartInfo("nice")
        {
            WorkingDirectory = run.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Each of these (coreutils, util-linux) becomes the next by exec: one process, whose id is its group's. bwrap, where it is one of them, stays
        // and has the tool as its child; it dies with us like the others, and whatever is in its namespace of processes dies with it.
        string[] wrapping =
        [
            "-n", Text(run.Niceness),
            "setsid",
            "setpriv", "--pdeathsig", "KILL", "--no-new-privs",
            "prlimit", $"--as={Text(run.MemoryBytes)}", $"--cpu={Text(CpuSeconds(run))}", $"--fsize={Text(run.FileBytes)}",
            "--nofile=256", $"--nproc={Text(Processes)}", "--core=0",
            .. sandbox?.Wrap(run) ?? [],
            run.Tool,
        ];
        foreach (var argument in wrapping) start.ArgumentList.Add(argument);
        foreach (var argument in run.Arguments) start.ArgumentList.Add(argument);

        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C";
        start.Environment["HOME"] = run.Folder;
        start.Environment["TMPDIR"] = run.Folder;
        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        return start;
    }

    // A process that escapes the clock (we were stopped) still runs out of processor time.
    private static long CpuSeconds(ToolRun run) => (long)Math.Ceiling(run.TimeLimit.TotalSeconds) * Environment.ProcessorCount + 1;

    // proc(5): "Max processes             96365                96365                processes", the soft limit and the hard one.
    private static long HardLimitOfProcesses()
    {
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max processes", StringComparison.Ordinal));
        var fields = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [_, _, _, var hard, ..] && long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Starts the process on a thread of its own that lives until the process has ended: the kernel sends the parent-death
    /// signal when the *thread* that forked ends (prctl(2)), and a thread of the pool may end at any time.
    /// </summary>
    /// <returns>When it has started, the task of its exit code.</returns>
    private static async Task<Task<int>> StartAsync(Process process)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var exited = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
                process.WaitForExit();
                exited.SetResult(process.ExitCode);
            }
            catch (Exception exception) when (!started.Task.IsCompleted)
            {
                started.SetException(exception);
            }
            catch (Exception exception)
            {
                exited.SetException(exception);
            }
        })
        { IsBackground = true, Name = "tool" }.Start();
        await started.Task;
        return exited.Task;
    }

    private static async Task<byte[]> DrainLinesAsync(Stream stream, Action<string> onLine)
    {
        await BoundedLines.ReadAsync(stream, onLine);
        return [];
    }

    private static async Task<byte[]> KeepAsync(Stream stream, int limit, Action onTooMuch)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            if (kept.Length > limit) continue;
            kept.Write(buffer, 0, read);
            if (kept.Length > limit) onTooMuch();
        }
        return kept.ToArray();
    }
}
