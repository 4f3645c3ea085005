using System.Runtime.InteropServices;

namespace Movento.Load.Measure;

/// <summary>
/// Processes whose parent ended before them, below services that we started: the kernel gives them to us (prctl(2), PR_SET_CHILD_SUBREAPER). bubblewrap leaves
/// the first process of its namespace so, and with it all that a tool has used; once we have waited for them, that counts among our ended children.
/// </summary>
internal static class Orphans
{
    private const int SetChildSubreaper = 36;
    private const int WithoutWaiting = 1;

    /// <summary>From now on they are ours; before any service starts.</summary>
    public static void Adopt()
    {
        if (Control(SetChildSubreaper, 1, 0, 0, 0) != 0)
            throw new InvalidOperationException($"prctl failed with {Marshal.GetLastWin32Error()}.");
    }

    /// <summary>Waits for those that have ended.</summary>
    public static void Reap()
    {
        // Our other children are waited for by those who started them.
        foreach (var id in ProcessTree.EndedChildren("bwrap"))
            _ = Wait(id, out _, WithoutWaiting);
    }

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nuint value, nuint third, nuint fourth, nuint fifth);

    [DllImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Wait(int id, out int status, int options);
}
