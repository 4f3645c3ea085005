namespace Movento.Hosting;

/// <summary>
/// The folder where a process keeps what is its own: secrets, the private PostgreSQL, the objects of the file store, work in
/// progress, logs. One process at a time owns it.
/// </summary>
public sealed record DataFolder(string Path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // As root the private PostgreSQL runs as another user, who must be able to pass through, but not to look around.
    private const UnixFileMode OthersPass = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// Where nothing else is said: as root /var/lib/movento (root's own home is closed to the user that PostgreSQL runs as there), else
    /// <c>$XDG_DATA_HOME/movento</c>, which defaults to <c>~/.local/share/movento</c>.
    /// </summary>
    public static DataFolder Default { get; } = new(
        Environment.IsPrivilegedProcess
            ? "/var/lib/movento"
            : System.IO.Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                "movento"));

    /// <summary>Settings that this data folder's owner made, if any.</summary>
    public string SettingsFile => System.IO.Path.Combine(Path, "movento.json");

    /// <summary>See <see cref="Secrets.SecretsFile"/>.</summary>
    public string SecretsFile => System.IO.Path.Combine(Path, "secrets.json");

    /// <summary>Mails, where there is no SMTP server.</summary>
    public string Outbox => System.IO.Path.Combine(Path, "outbox");

    /// <summary>The demo's memory of its clip.</summary>
    public string DemoFile => System.IO.Path.Combine(Path, "demo.json");

    /// <summary>The private PostgreSQL.</summary>
    public string Postgres => System.IO.Path.Combine(Path, "postgresql");

    /// <summary>The objects of the file store.</summary>
    public string Objects => System.IO.Path.Combine(Path, "objects");

    /// <summary>Work in progress; on the objects' file system, so that results can be linked.</summary>
    public string Work => System.IO.Path.Combine(Path, "work");

    /// <summary>What the edge found worth keeping in memory, for its next run.</summary>
    public string HotList => System.IO.Path.Combine(Path, "hot-list.json");

    /// <summary>JSON lines, where they do not go to standard output.</summary>
    public string LogFile => System.IO.Path.Combine(Path, "logs", "movento.log");

    /// <summary>Makes the folder and takes it for this process until the result is disposed.</summary>
    /// <exception cref="StartException">Another process has it, or it cannot be made.</exception>
    public IDisposable Take()
    {
        try
        {
            Directory.CreateDirectory(Path, Environment.IsPrivilegedProcess ? OthersPass : OwnerOnly);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(LogFile)!, OwnerOnly);
            Directory.CreateDirectory(Work, OwnerOnly);
            Directory.CreateDirectory(Objects, OwnerOnly);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException([$"The data folder '{Path}' cannot be made: {error.Message}"]);
        }

        try
        {
            // FileShare.None is flock(LOCK_EX) on Linux: it goes with the process, however that ends.
            return new FileStream(System.IO.Path.Combine(Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StartException([$"Another Movento is running with the data folder '{Path}'. Stop it, or choose another with --data."]);
        }
    }
}
