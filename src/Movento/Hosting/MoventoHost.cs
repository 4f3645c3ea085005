using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Movento.Edge.Operation;
using Movento.Contracts;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.Database;
using Movento.Ingest.Tools;
using Movento.Secrets;

namespace Movento.Hosting;

/// <summary>The system as it runs in one process: what its roles need, and the servers that carry them.</summary>
public sealed partial class MoventoHost : IAsyncDisposable
{
    /// <summary>How long requests and jobs in flight may take to end after a stop was asked for.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly Stack<IAsyncDisposable> _started = new();
    private Stopping? _edge;
    private PrivatePostgres? _postgres;

    private MoventoHost(MoventoOptions options, SecretsFile secrets)
    {
        Options = options;
        Secrets = secrets;
        PlaybackKeys = new PlaybackKeys(secrets.KeyRing());
    }

    /// <summary>What it was started with.</summary>
    public MoventoOptions Options { get; }

    /// <summary>The installation's secrets.</summary>
    public SecretsFile Secrets { get; }

    /// <summary>The keys of playback, which a rotation replaces in the secrets file while this runs.</summary>
    public PlaybackKeys PlaybackKeys { get; }

    /// <summary>The server of API and pages, or null where this process has none of its roles.</summary>
    public WebApplication? Api { get; private set; }

    /// <summary>The server of media, or null where this process is no edge.</summary>
    public WebApplication? Edge { get; private set; }

    /// <summary>What stands between this machine and an upload that attacks the encoders; null where this process has no worker.</summary>
    public string? Protection => Api?.Services.GetService<ToolSandbox>()?.Report;

    /// <summary>The operator's user id, where this process has the role control.</summary>
    public Guid OperatorId { get; private set; }

    /// <summary>
    /// Starts everything, in the order of who needs whom; what fails stops what had started.
    /// </summary>
    /// <param name="logFile">Where JSON log lines go; null for standard output.</param>
    /// <param name="report">Told of each step, in words for a person.</param>
    /// <exception cref="StartException">Something is missing or wrong, and what.</exception>
    public static async Task<MoventoHost> StartAsync(
        MoventoOptions options, string? logFile, Action<string> report, CancellationToken cancellationToken)
    {
        // 1. The data folder is ours alone.
        var folder = options.Data.Take();
        MoventoHost? host = null;
        try
        {
            // 2. Secrets, made on the first start.
            host = new MoventoHost(options, SecretsFile.ReadOrCreate(options.SecretsFile));
            host._started.Push(new Disposal(folder));
            options.ControlPlane.AccessTokenKeys = host.Secrets.AccessTokenKeys;
            options.ControlPlane.IdentitySecret = host.Secrets.IdentitySecret!;

            // 3. The database, brought up to date.
            var databases = options.Roles == Roles.Edge ? null : await host.OpenDatabasesAsync(report, cancellationToken);

            // 4. The servers; the edge first, because pages point at it.
            if (options.Roles.HasFlag(Roles.Edge))
            {
                report("Starting the edge");
                host.Edge = EdgeServer.Build(host, logFile);
                if (options.EdgeServer.OperatorUrl is { } operatorUrl)
                    await host.StartAsync(OperatorServer.Build(host, operatorUrl, host.Edge, logFile), operatorUrl, cancellationToken);
                host._edge = await host.StartAsync(host.Edge, options.EdgeServer.Url, cancellationToken);
            }

            if (databases is not null)
            {
                report("Starting the API and the pages");
                host.Api = ApiServer.Build(host, databases, logFile);
                if (options.Roles.HasFlag(Roles.Control)) host.OperatorId = await ApiServer.EnsureOperatorAsync(host, cancellationToken);
                await host.StartAsync(host.Api, options.Api.Url, cancellationToken);
            }

            // 5. Keys may change from now on, and the database may be killed.
            if (host._postgres is { } postgres) host._started.Push(new PostgresWatch(postgres, TimeProvider.System, host.Logger));
            host._started.Push(new SecretsWatch(
                options.SecretsFile, host.PlaybackKeys, TimeProvider.System, host.Logger, host.Api?.Services.GetRequiredService<AccessTokenKeyRing>()));
            Log.Started(host.Logger, options.Roles, options.Data.Path);
            return host;
        }
        catch
        {
            if (host is null) folder.Dispose();
            else await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Stops everything, last started first, after the edge has been emptied where that is asked for: the servers take no new requests and finish those in flight, then the database stops.
    /// The edge takes no more requests before the others: its last reports need them.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Edge is not null && Options.EdgeServer.Drain > TimeSpan.Zero && _started.Count > 0)
        {
            Edge.Services.GetRequiredService<DrainState>().Begin();
            Log.Draining(Logger, Options.EdgeServer.Drain);
            await Task.Delay(Options.EdgeServer.Drain, TimeProvider.System);
        }

        // What does not stop as it should leaves nothing else running, the database above all.
        var failures = new List<Exception>();
        if (_edge is not null) await TryAsync(() => new ValueTask(_edge.StopAsync()));
        while (_started.TryPop(out var part)) await TryAsync(part.DisposeAsync);
        if (failures.Count > 0) ExceptionDispatchInfo.Throw(failures[0]);

        async ValueTask TryAsync(Func<ValueTask> stop)
        {
            try
            {
                await stop();
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        }
    }

    private ILogger Logger => (Api ?? Edge)!.Services.GetRequiredService<ILogger<MoventoHost>>();

    private async Task<Databases> OpenDatabasesAsync(Action<string> report, CancellationToken cancellationToken)
    {
        var connectionString = Options.Database.ConnectionString;
        if (connectionString is null)
        {
            report("Starting the private PostgreSQL");
            try
            {
                _postgres = await PrivatePostgres.StartAsync(Options.Data.Postgres, durable: true, cancellationToken);
                _started.Push(_postgres);
                connectionString = _postgres.ConnectionString;
            }
            catch (PrivatePostgresException error)
            {
                throw new StartException([error.Message]);
            }
        }

        var databases = await Databases.OpenAsync(Options.Database, connectionString, cancellationToken);
        _started.Push(databases);
        return databases;
    }

    private async Task<Stopping> StartAsync(WebApplication server, string url, CancellationToken cancellationToken)
    {
        var stopping = new Stopping(server);
        _started.Push(stopping);
        try
        {
            await server.StartAsync(cancellationToken);
            return stopping;
        }
        catch (SandboxMissingException error)
        {
            throw new StartException([error.Message]);
        }
        catch (IOException error)
        {
            throw new StartException([$"Nothing can listen on {url}: {error.Message}"]);
        }
    }

    /// <summary>The address a server really listens on, where its options asked for any free port.</summary>
    public static string AddressOf(WebApplication server) =>
        server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private sealed class Disposal(IDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            inner.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Stopping(WebApplication server) : IAsyncDisposable
    {
        private bool _hasStopped;

        public async Task StopAsync()
        {
            if (_hasStopped) return;
            _hasStopped = true;
            using var limit = new CancellationTokenSource(StopLimit);
            await server.StopAsync(limit.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await server.DisposeAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Movento runs as {Roles} with its data in {DataFolder}")]
        public static partial void Started(ILogger logger, Roles roles, string dataFolder);

        [LoggerMessage(2, LogLevel.Information, "The edge sends its players elsewhere for {Duration}, then stops")]
        public static partial void Draining(ILogger logger, TimeSpan duration);
    }
}
