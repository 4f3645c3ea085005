using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Movento.Database;

/// <summary>
/// The embedded default's database: a PostgreSQL cluster of our own in a folder of our own, from the PostgreSQL binaries on the
/// machine. It listens on a Unix socket in a folder that only its owner may enter, and on nothing else; so the socket needs no
/// password. PostgreSQL refuses to run as root: there it runs as the user <c>postgres</c> that Debian's package makes.
/// The caller holds a lock on the data folder while the cluster lives.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    /// <summary>sizeof(sockaddr_un.sun_path) is 108 with its zero; PostgreSQL appends "/.s.PGSQL.5432".</summary>
    private const int LongestSocketFolder = 108 - 1 - 14;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly string _binaries;
    private readonly string _cluster;
    private readonly string _log;
    private readonly string _socketFolder;
    private readonly bool _socketFolderIsTemporary;

    private PrivatePostgres(string binaries, string folder)
    {
        _binaries = binaries;
        _cluster = Path.Combine(folder, "cluster");
        _log = Path.Combine(folder, "postgresql.log");
        _socketFolder = Path.Combine(folder, "socket");
        if (_socketFolder.Length > LongestSocketFolder)
        {
            _socketFolder = Directory.CreateTempSubdirectory("movento-").FullName;
            _socketFolderIsTemporary = true;
        }
    }

    /// <summary>How to reach the database <c>movento</c> of the cluster.</summary>
    public string ConnectionString => ConnectionStringOf("movento");

    /// <summary>How to reach a database of the cluster by name.</summary>
    public string ConnectionStringOf(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _socketFolder,
        Username = "movento",
        Database = database,
        // A private cluster has max_connections = 100 for everybody; each schema has a pool of its own.
        MaxPoolSize = 20,
    }.ConnectionString;

    /// <summary>
    /// Starts the cluster in <paramref name="folder"/>, making it on the first start, and waits until it answers.
    /// </summary>
    /// <param name="folder">An absolute path; as root, one whose parents the user <c>postgres</c> may enter.</param>
    /// <param name="durable">False only for tests: lets PostgreSQL skip fsync.</param>
    /// <exception cref="PrivatePostgresException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PrivatePostgres> StartAsync(string folder, bool durable, CancellationToken cancellationToken)
    {
        // 1. The tools and the folder.
        var binaries = PostgresBinaries.Find()
            ?? throw new PrivatePostgresException("PostgreSQL is not installed: neither /usr/lib/postgresql/*/bin nor PATH has pg_ctl.");
        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["postgres:", folder], cancellationToken);
            await AssertPostgresMayEnterAsync(folder, cancellationToken);
        }

        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var postgres = new PrivatePostgres(binaries, folder);
        await postgres.PrepareSocketFolderAsync(cancellationToken);

        // 2. The cluster: made aside and moved into place, so that a kill in between leaves no half cluster.
        if (!File.Exists(Path.Combine(postgres._cluster, "PG_VERSION"))) await postgres.InitializeAsync(folder, cancellationToken);

        // 3. A postmaster that a killed Movento left behind still holds the old socket: it goes, cleanly.
        if (File.Exists(Path.Combine(postgres._cluster, "postmaster.pid")) && await postgres.IsRunningAsync(cancellationToken))
            await postgres.StopAsync(cancellationToken);

        // 4. Start, and wait until it answers.
        await File.WriteAllTextAsync(
            Path.Combine(postgres._cluster, "postgresql.conf"), postgres.Configuration(durable), cancellationToken);
        await postgres.StartAgainAsync(cancellationToken);

        // 5. The one database.
        await postgres.EnsureDatabaseAsync("movento", cancellationToken);
        return postgres;
    }

    /// <summary>Whether its first process, the postmaster, is there; that it answers is not said.</summary>
    public bool IsAlive
    {
        get
        {
            try
            {
                // Its first line is the process id (the source's pidfile.h). One that was killed leaves the file behind, and another process may have its id by now.
                using var file = new StreamReader(Path.Combine(_cluster, "postmaster.pid"));
                if (!int.TryParse(file.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return false;
                using var process = Process.GetProcessById(id);
                return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
            }
            catch (Exception error) when (error is IOException or ArgumentException or InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>Starts what was made ready, and waits until it answers.</summary>
    /// <exception cref="PrivatePostgresException">It does not start, or not within a minute.</exception>
    public Task StartAgainAsync(CancellationToken cancellationToken) =>
        RunAsOwnerAsync("pg_ctl", ["start", "-D", _cluster, "-w", "-t", Seconds(StartLimit), "-l", _log], cancellationToken);

    /// <summary>Makes a database where there is none of that name yet.</summary>
    public async Task EnsureDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        // Not pooled: used once, and a pool would keep it open for its idle time.
        await using var connection = new NpgsqlConnection(ConnectionStringOf("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        exists.Parameters.Add(new NpgsqlParameter { Value = name });
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null) return;
        await using var create = new NpgsqlCommand($"create database {MigrationRunner.Quote(name)}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Stops the cluster: open transactions are rolled back, everything committed is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit + TimeSpan.FromSeconds(5));
        await StopAsync(limit.Token);
        if (_socketFolderIsTemporary) Directory.Delete(_socketFolder, recursive: true);
    }

    private async Task InitializeAsync(string folder, CancellationToken cancellationToken)
    {
        var fresh = Path.Combine(folder, "cluster.new");
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        await RunAsOwnerAsync(
            "initdb",
            [
                "-D", fresh, "--username=movento", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C.UTF-8",
                "--data-checksums",
            ],
            cancellationToken);
        Directory.Move(fresh, _cluster);
    }

    private string Configuration(bool durable) =>
        $"""
        # Written by Movento at every start.
        listen_addresses = ''
        unix_socket_directories = '{_socketFolder.Replace("'", "''", StringComparison.Ordinal)}'
        unix_socket_permissions = 0700
        max_connections = 100
        timezone = 'UTC'
        log_timezone = 'UTC'
        log_min_messages = warning
        fsync = {(durable ? "on" : "off")}
        full_page_writes = {(durable ? "on" : "off")}
        synchronous_commit = {(durable ? "on" : "off")}

        """;

    private async Task PrepareSocketFolderAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(
            _socketFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", ["postgres:", _socketFolder], cancellationToken);
    }

    private async Task<bool> IsRunningAsync(CancellationToken cancellationToken) =>
        // pg_ctl status: 0 running, 3 not running (its manual page).
        (await StartAsOwner("pg_ctl", ["status", "-D", _cluster]).WaitAsync(cancellationToken)).ExitCode == 0;

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!await IsRunningAsync(cancellationToken)) return;
        await RunAsOwnerAsync(
            "pg_ctl", ["stop", "-D", _cluster, "-m", "fast", "-w", "-t", Seconds(StopLimit)], cancellationToken);
    }

    private static async Task AssertPostgresMayEnterAsync(string folder, CancellationToken cancellationToken)
    {
        var test = await Run("runuser", ["-u", "postgres", "--", "test", "-x", folder]).WaitAsync(cancellationToken);
        if (test.ExitCode != 0)
        {
            throw new PrivatePostgresException(
                $"As root, PostgreSQL runs as the user postgres, who may not enter '{folder}': choose a data folder whose parents " +
                "everybody may enter, such as /var/lib/movento.");
        }
    }

    private Task RunAsOwnerAsync(string tool, string[] arguments, CancellationToken cancellationToken) =>
        Succeed(StartAsOwner(tool, arguments), tool, cancellationToken);

    private static Task RunAsync(string tool, string[] arguments, CancellationToken cancellationToken) =>
        Succeed(Run(tool, arguments), tool, cancellationToken);

    private static async Task Succeed(
        Task<(int ExitCode, string Output)> run, string tool, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await run.WaitAsync(cancellationToken);
        if (exitCode != 0) throw new PrivatePostgresException($"{tool} ended with {exitCode}: {output}");
    }

    private Task<(int ExitCode, string Output)> StartAsOwner(string tool, string[] arguments)
    {
        var path = Path.Combine(_binaries, tool);
        return Environment.IsPrivilegedProcess
            ? Run("runuser", ["-u", "postgres", "--", path, .. arguments])
            : Run(path, arguments);
    }

    private static async Task<(int ExitCode, string Output)> Run(string tool, string[] arguments)
    {
        // The postmaster inherits our standard streams from pg_ctl, so only files may stand behind them: a pipe would
        // never see its end. pg_ctl's own few words are read back from the file.
        var words = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
            foreach (var argument in (string[])["-c", "out=$1; shift; exec \"$@\" </dev/null >\"$out\" 2>&1", "sh", words, tool, .. arguments])
                start.ArgumentList.Add(argument);
            // PGOPTIONS, PGDATA and the like of whoever started us are not meant for our private cluster.
            foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("PG", StringComparison.Ordinal)).ToList())
                start.Environment.Remove(name);
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync();
            var output = await File.ReadAllTextAsync(words);
            return (process.ExitCode, output.Trim());
        }
        catch (Win32Exception error)
        {
            throw new PrivatePostgresException($"{tool} does not start: {error.Message}");
        }
        finally
        {
            File.Delete(words);
        }
    }

    private static string Seconds(TimeSpan time) => ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
