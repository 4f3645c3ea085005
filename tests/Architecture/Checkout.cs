using System.Diagnostics;

namespace Movento.Architecture.Tests;

/// <summary>The files of this checkout as git lists them: committed or about to be, never what a build or a download left.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds Movento.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to <see cref="Root"/>.</summary>
    public static IReadOnlyList<string> Files { get; } = List();

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Every line of the C# files below a folder, as <c>path:line: text</c>, without comment lines.</summary>
    public static IEnumerable<(string Path, int Number, string Text)> CodeLines(string folder) =>
        from path in Files
        where path.StartsWith(folder, StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)
        from line in File.ReadLines(Path.Combine(Root, path)).Select((text, index) => (Path: path, Number: index + 1, Text: text))
        where !line.Text.TrimStart().StartsWith("//", StringComparison.Ordinal)
        select line;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Movento.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("Movento.sln is not above the tests.");
    }

    private static List<string> List()
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            // A checkout that another user owns (a container's) is still ours to read.
            ArgumentList = { "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard" },
        };
        using var git = Process.Start(start)!;
        var paths = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        if (git.ExitCode != 0) throw new InvalidOperationException("git cannot list the checkout.");
        return [.. paths.Where(path => File.Exists(Path.Combine(Root, path)))];
    }
}
