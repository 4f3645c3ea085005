namespace Movento.Ingest.Tools;

/// <summary>One run of a tool: what to start and what it may take.</summary>
internal sealed record ToolRun
{
    /// <summary>A path, or a name to look for on PATH.</summary>
    public required string Tool { get; init; }

    /// <summary>Each one reaches the tool as it is; no shell reads them.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The folder that the tool works in, its home, its only place for temporary files, and in a sandbox all that it sees besides the system.</summary>
    public required string Folder { get; init; }

    /// <summary>Files and folders outside of <see cref="Folder"/> that it needs to read, by their whole paths; where a link in the folder points, say.</summary>
    public IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

    /// <summary>After so long the whole process group is killed.</summary>
    public required TimeSpan TimeLimit { get; init; }

    /// <summary>Address space, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The largest file that it may write, in bytes.</summary>
    public long FileBytes { get; init; } = 256L << 30;

    /// <summary>The niceness added to the tool.</summary>
    public int Niceness { get; init; }

    /// <summary>The most bytes of standard output that are kept; with more, the run fails. Not used with <see cref="OnOutputLine"/>.</summary>
    public int MaxOutputBytes { get; init; } = 8 << 20;

    /// <summary>Takes standard output line by line instead of keeping it.</summary>
    public Action<string>? OnOutputLine { get; init; }

    /// <summary>Sees every line of standard error, before it goes into the bounded tail.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>Learns the id of the process, which is also the id of its session and group.</summary>
    public Action<int>? OnStarted { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">Of the tool; 128 + n where signal n ended it.</param>
/// <param name="Output">Standard output; empty where it was taken by line.</param>
/// <param name="ErrorTail">The last lines of standard error.</param>
internal sealed record ToolResult(int ExitCode, byte[] Output, string ErrorTail)
{
    // signal(7): SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS.
    private static readonly int[] Crashes = [4, 5, 6, 7, 8, 11, 24, 25, 31];

    /// <summary>A signal from outside ended it: out of memory, or an operator; trying again may help.</summary>
    public bool WasKilled => ExitCode > 128 && !HasCrashed;

    /// <summary>It fell over its input, or ran over a limit of its own: it would again.</summary>
    public bool HasCrashed => Crashes.Contains(ExitCode - 128);
}

/// <summary>The tool could not be started: no word about the file.</summary>
internal sealed class ToolNotStartedException(string tool, string why) : Exception($"{tool} could not be started: {why}");

/// <summary>The tool did not end in its time.</summary>
internal sealed class ToolTimedOutException(string tool, TimeSpan limit)
    : Exception($"{tool} did not end within {limit.TotalSeconds:0} seconds.");

/// <summary>The tool wrote more than may be kept of it.</summary>
internal sealed class ToolOutputTooLargeException(string tool, int limit)
    : Exception($"{tool} wrote more than {limit} bytes.");

/// <summary>A signal ended the tool: out of memory, over a limit, or an operator. Trying again may help.</summary>
internal sealed class ToolKilledException(string tool, int exitCode) : Exception($"{tool} was ended by signal {exitCode - 128}.");
