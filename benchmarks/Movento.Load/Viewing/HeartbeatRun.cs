using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Movento.Contracts;
using Movento.Database;
using Movento.Harness;
using Movento.Load.Contest;
using Movento.Servers;
using Npgsql;

namespace Movento.Load.Viewing;

/// <summary>
/// Heartbeats of players, 2,000 a second, to the running executable over a PostgreSQL that is killed in the midst of them and started again: what was
/// acknowledged must be there. Each player waits for its answer before it speaks again.
/// </summary>
internal static class HeartbeatRun
{
    private const int PerSecond = 2000;
    private const int Players = 400;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KilledAfter = TimeSpan.FromSeconds(12);

    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var cluster = folder.Combine("postgresql");
        var postgres = await PrivatePostgres.StartAsync(cluster, durable: true, cancellationToken);
        var movento = new RunningMovento { IsMeasured = true }.With("Database:ConnectionString=" + postgres.ConnectionString).With("ControlPlane:AccessTokenLifetime=1.00:00:00")
            .With("Api:Limits:Heartbeats:Account:Requests=0");
        try
        {
            await movento.InitializeAsync();
            using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Players }) { BaseAddress = movento.Api, Timeout = TimeSpan.FromSeconds(30) };
            http.DefaultRequestHeaders.Authorization = movento.Http.DefaultRequestHeaders.Authorization;
            for (var round = 1; round <= settings.Rounds; round++)
            {
                // Without a kill it says what it takes.
                foreach (var isKilled in (bool[])[false, true])
                {
                    var cpu = movento.Process.TotalProcessorTime;
                    var run = new PlayerRun(http, Players, PerSecond);
                    var playing = run.PlayAsync(Length, cancellationToken);
                    if (isKilled)
                    {
                        await Task.Delay(KilledAfter, cancellationToken);
                        Kill(cluster);
                        postgres = await PrivatePostgres.StartAsync(cluster, durable: true, cancellationToken);
                    }

                    await playing;
                    movento.Process.Refresh();
                    var lost = await LostAsync(postgres.ConnectionString, run.Acknowledged, cancellationToken);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"round {round}{(isKilled ? ", killed" : ""),-8}  {run.Answered / Length.TotalSeconds:0} acknowledged/s  median {run.Of(0.5):0.0} ms  p99 {run.Of(0.99):0.0} ms  not acknowledged: {run.Refused}  lost of what was: {lost}  Movento's processor time {(movento.Process.TotalProcessorTime - cpu) / Length:0.00} of one core"));
                    if (lost > 0) throw new InvalidOperationException($"{lost} heartbeats were acknowledged, but are not there.");
                }
            }

            return [];
        }
        finally
        {
            await movento.DisposeAsync();
            await postgres.DisposeAsync();
        }
    }

    // The server and every process of it at once, as when the machine's memory runs out.
    private static void Kill(string cluster)
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(cluster, "cluster", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(postmaster);
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    private static async Task<int> LostAsync(string connectionString, IReadOnlyDictionary<Guid, float> acknowledged, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "viewing", Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var kept = (await connection.QueryAsync<(Guid Asset, float Position)>("SELECT asset_id, max(position_seconds) FROM watched GROUP BY asset_id")).ToDictionary(row => row.Asset, row => row.Position);
        return acknowledged.Count(film => kept.GetValueOrDefault(film.Key) < film.Value);
    }

    /// <summary>Players that speak in turn, each of a film of its own.</summary>
    private sealed class PlayerRun(HttpClient http, int players, int perSecond)
    {
        private readonly ConcurrentDictionary<Guid, float> _acknowledged = new();
        private readonly ConcurrentQueue<double> _times = new();
        private int _refused;

        public IReadOnlyDictionary<Guid, float> Acknowledged => _acknowledged;
        public int Answered => _times.Count;
        public int Refused => _refused;

        public double Of(double part)
        {
            var times = _times.Order().ToArray();
            return times.Length == 0 ? 0 : times[Math.Min(times.Length - 1, (int)(part * times.Length))];
        }

        public Task PlayAsync(TimeSpan length, CancellationToken cancellationToken) =>
            Task.WhenAll(Enumerable.Range(0, players).Select(player => PlayAsync(player, length, cancellationToken)));

        private async Task PlayAsync(int player, TimeSpan length, CancellationToken cancellationToken)
        {
            var film = AssetId.New(DateTimeOffset.UtcNow);
            var pause = TimeSpan.FromSeconds((double)players / perSecond);
            await Task.Delay(pause * player / players, cancellationToken);
            using var timer = new PeriodicTimer(pause);
            var watch = Stopwatch.StartNew();
            for (var position = 1f; watch.Elapsed < length; position++)
            {
                var begun = Stopwatch.GetTimestamp();
                if (await SayAsync(film, position, cancellationToken))
                {
                    _times.Enqueue(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                    _acknowledged[film.Value] = position;
                }
                else
                {
                    Interlocked.Increment(ref _refused);
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }

        private async Task<bool> SayAsync(AssetId film, float position, CancellationToken cancellationToken)
        {
            using var answer = await http.PostAsJsonAsync(
                "/api/viewing/heartbeats", new { items = new[] { new { assetId = film.ToString(), position, duration = 5400 } } }, cancellationToken);
            return answer.StatusCode == HttpStatusCode.NoContent;
        }
    }
}
