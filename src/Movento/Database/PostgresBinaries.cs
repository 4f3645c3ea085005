using System.Globalization;

namespace Movento.Database;

/// <summary>Finds PostgreSQL's server binaries, which Debian keeps off the PATH.</summary>
public static class PostgresBinaries
{
    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>The folder that holds pg_ctl, initdb and postgres of the newest version, or null.</summary>
    public static string? Find()
    {
        var debian = Directory.Exists(DebianFolder)
            ? Directory.EnumerateDirectories(DebianFolder)
                .OrderByDescending(folder => double.TryParse(
                    Path.GetFileName(folder), NumberStyles.Float, CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return debian.Concat(path).FirstOrDefault(
            folder => File.Exists(Path.Combine(folder, "pg_ctl")) && File.Exists(Path.Combine(folder, "initdb")));
    }
}
