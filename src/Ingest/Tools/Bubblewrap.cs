namespace Movento.Ingest.Tools;

/// <summary>
/// What stands before a tool to run it in a sandbox of bubblewrap (bwrap(1)): namespaces of its own for users, processes, network, IPC, host name
/// and control groups; no capability; the system's programs and libraries read-only, and nothing else but the tool's folder, in which it may write.
/// No home, no /proc, no other job, no socket.
/// </summary>
internal static class Bubblewrap
{
    // A descriptor can be given to bwrap only by whoever starts it: this shell has a fixed script and reads no argument, it passes them on.
    private const string WithFilter = "exec \"$@\" 9< \"$0\"";

    // Merged into /usr on most systems, folders of their own on others.
    private static readonly string[] SystemFolders = ["/bin", "/sbin", "/lib", "/lib32", "/lib64"];

    // The loader's index, and links that Debian's libraries go through.
    private static readonly string[] SystemFiles = ["/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives"];

    /// <summary>The words before the tool's name.</summary>
    /// <param name="tool">A path, or a name on PATH.</param>
    /// <param name="folder">The one folder that it may write in; it lies at the same path inside.</param>
    /// <param name="readOnly">Further files and folders that it may read.</param>
    /// <param name="filter">The file with <see cref="SyscallFilter"/>'s program, or null for none.</param>
    public static IReadOnlyList<string> Arguments(string tool, string folder, IEnumerable<string> readOnly, string? filter)
    {
        List<string> arguments = filter is null ? ["bwrap"] : ["sh", "-c", WithFilter, filter, "bwrap", "--seccomp", "9"];
        arguments.AddRange(
        [
            "--unshare-user-try", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--die-with-parent", "--cap-drop", "ALL", "--hostname", "sandbox",
            "--ro-bind", "/usr", "/usr",
        ]);
        foreach (var system in SystemFolders)
        {
            if (new DirectoryInfo(system).LinkTarget is { } target) arguments.AddRange(["--symlink", target, system]);
            else if (Directory.Exists(system)) arguments.AddRange(["--ro-bind", system, system]);
        }
        foreach (var file in SystemFiles) arguments.AddRange(["--ro-bind-try", file, file]);
        if (ProgramOutsideOfUsr(tool) is { } program) arguments.AddRange(["--ro-bind", program, program]);
        // null, zero and random, and nothing to write in beside them.
        arguments.AddRange(["--dev", "/dev", "--remount-ro", "/dev"]);
        foreach (var path in readOnly) arguments.AddRange(["--ro-bind", path, path]);
        arguments.AddRange(["--bind", folder, folder, "--remount-ro", "/", "--chdir", folder, "--"]);
        return arguments;
    }

    /// <summary>The whole path of a program that the folders of the system do not bring along.</summary>
    private static string? ProgramOutsideOfUsr(string tool)
    {
        var path = tool.Contains('/')
            ? Path.GetFullPath(tool)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);
        return path is null || !File.Exists(path) || path.StartsWith("/usr/", StringComparison.Ordinal)
            || SystemFolders.Any(folder => path.StartsWith(folder + "/", StringComparison.Ordinal)) ? null : path;
    }
}
