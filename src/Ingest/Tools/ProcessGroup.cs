using System.Runtime.InteropServices;

namespace Movento.Ingest.Tools;

/// <summary>Kills a tool with everything that it started.</summary>
internal static class ProcessGroup
{
    private const int SigKill = 9;

    /// <summary>Sends SIGKILL to the group, unless its leader has already been waited for (its id may be another's by now).</summary>
    public static void Kill(int leader, Task exited)
    {
        if (exited.IsCompleted) return;
        // Before setsid has run there is no such group yet, only the process.
        _ = Signal(-leader, SigKill);
        _ = Signal(leader, SigKill);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
