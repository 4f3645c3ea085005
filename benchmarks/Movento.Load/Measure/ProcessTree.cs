using System.Globalization;

namespace Movento.Load.Measure;

/// <summary>What processes and all their descendants use, from /proc (proc(5)).</summary>
internal static class ProcessTree
{
    // USER_HZ, in which /proc counts, is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>User and system seconds so far: of every process alive, and of those that ended and were waited for.</summary>
    public static double CpuSeconds(IReadOnlyCollection<int> roots) =>
        Below(roots).Sum(stat => stat.OwnTicks + stat.EndedChildrenTicks) / TicksPerSecond;

    /// <summary>User and system seconds of this process's own children that ended.</summary>
    public static double EndedChildrenCpuSeconds() => Read(Environment.ProcessId)!.Value.EndedChildrenTicks / TicksPerSecond;

    /// <summary>User and system seconds of one process so far, and of none that it started.</summary>
    public static double OwnCpuSeconds(int id) => (Read(id)?.OwnTicks ?? 0) / TicksPerSecond;

    /// <summary>The ids of children of this process that have ended and are not waited for yet, by the name of their program.</summary>
    public static IEnumerable<int> EndedChildren(string name) =>
        All().Where(stat => stat is { State: 'Z', ParentId: var parent } && parent == Environment.ProcessId && stat.Name == name).Select(stat => stat.Id);

    /// <summary>Proportional set size: private pages, and of shared ones each process's part.</summary>
    public static long MemoryBytes(IReadOnlyCollection<int> roots) => Below(roots).Sum(stat => ProportionalSetSize(stat.Id));

    /// <summary>The largest resident set of one process so far, as the kernel keeps it.</summary>
    public static long HighWaterBytes(int id) => Kibibytes($"/proc/{id}/status", "VmHWM:");

    private static List<Stat> Below(IReadOnlyCollection<int> roots)
    {
        var all = All();
        var children = all.ToLookup(stat => stat.ParentId);
        var found = all.Where(stat => roots.Contains(stat.Id)).ToList();
        for (var i = 0; i < found.Count; i++)
            found.AddRange(children[found[i].Id]);
        return found;
    }

    private static List<Stat> All() =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Stat>(),
    ];

    private static Stat? Read(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The second field is the name, in parentheses, and may hold anything; the third stands at index 0 here.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            var name = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..text.LastIndexOf(')')];
            return new Stat(id, name, fields[0][0], (int)Number(1), Number(11) + Number(12), Number(13) + Number(14));

            long Number(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // it ended just now
        }
    }

    private static long ProportionalSetSize(int id) => Kibibytes($"/proc/{id}/smaps_rollup", "Pss:");

    // A line such as "Pss:      1234 kB", in bytes.
    private static long Kibibytes(string path, string name)
    {
        try
        {
            var line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.AsSpan(name.Length, line.Length - name.Length - 2), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0; // it ended just now, or has no memory any more
        }
    }

    private readonly record struct Stat(int Id, string Name, char State, int ParentId, long OwnTicks, long EndedChildrenTicks);
}
