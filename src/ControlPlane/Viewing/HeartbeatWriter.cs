using System.Threading.Channels;
using Dapper;
using Microsoft.Extensions.Hosting;

namespace Movento.ControlPlane.Viewing;

/// <summary>
/// Writes what players say, many at a time: whatever came while one transaction was made durable is the next one. Who sent it hears of it once it is on disk,
/// or that it is not; a word that is sent again changes nothing, as the newest one stands.
/// </summary>
internal sealed class HeartbeatWriter(ViewingDatabase database, TimeProvider time) : BackgroundService
{
    /// <summary>Requests that wait to be written; more are turned away.</summary>
    public const int MaxWaiting = 10_000;

    // A transaction of so many rows takes some ten milliseconds.
    private const int MaxRows = 2000;

    // How long a transaction may take: whoever waits for it is answered then.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Completes once the words are durable; null where too many others wait.</summary>
    /// <exception cref="Npgsql.NpgsqlException">They may not be: the database failed.</exception>
    public Task? Write(IReadOnlyList<Watched> words)
    {
        var waiting = new Waiting(words, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return _waiting.Writer.TryWrite(waiting) ? waiting.Done.Task : null;
    }

    /// <summary>Takes no more, and ends when everything that was taken is written.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } writing) await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var together = new List<Waiting>();
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            together.Clear();
            var rows = 0;
            while (rows < MaxRows && _waiting.Reader.TryRead(out var next))
            {
                together.Add(next);
                rows += next.Words.Count;
            }

            try
            {
                await WriteAsync(together.SelectMany(waiting => waiting.Words));
                foreach (var waiting in together) waiting.Done.TrySetResult();
            }
            catch (Exception error)
            {
                // Whatever it is: each of those who wait has to hear of it, and answers for it.
                foreach (var waiting in together) waiting.Done.TrySetException(error);
            }
        }
    }

    private async Task WriteAsync(IEnumerable<Watched> words)
    {
        // The newest of each film, in order, so that two writers cannot wait for each other.
        var rows = words.GroupBy(KeyOf).Select(group => group.MaxBy(word => word.At)).OrderBy(KeyOf).ToArray();
        var completed = words.Where(word => word.IsCompleted).GroupBy(KeyOf).ToDictionary(group => group.Key, group => group.Max(word => word.At));
        using var patience = new CancellationTokenSource(Patience, time);
        await using var connection = await database.OpenAsync(patience.Token);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO watched AS w (user_id, profile_id, asset_id, position_seconds, duration_seconds, watched_at, first_watched_at, completed_at)
            SELECT h.user_id, h.profile_id, h.asset_id, h.position, h.duration, h.at, h.at, h.completed_at
            FROM unnest(@users, @profiles, @assets, @positions, @durations, @moments, @completions) AS h (user_id, profile_id, asset_id, position, duration, at, completed_at)
            LEFT JOIN erasures e ON e.user_id = h.user_id AND e.profile_id = h.profile_id
            WHERE e.erased_at IS NULL OR h.at > e.erased_at
            ORDER BY h.user_id, h.profile_id, h.asset_id
            ON CONFLICT (user_id, profile_id, asset_id) DO UPDATE SET
              position_seconds = excluded.position_seconds, duration_seconds = excluded.duration_seconds, watched_at = excluded.watched_at,
              first_watched_at = CASE WHEN w.is_erased THEN excluded.first_watched_at ELSE w.first_watched_at END,
              completed_at = coalesce(excluded.completed_at, w.completed_at), is_erased = false
            WHERE excluded.watched_at > w.watched_at
            """,
            new
            {
                users = rows.Select(row => row.User).ToArray(),
                profiles = rows.Select(row => row.Profile).ToArray(),
                assets = rows.Select(row => row.Asset).ToArray(),
                positions = rows.Select(row => row.Position).ToArray(),
                durations = rows.Select(row => row.Duration).ToArray(),
                moments = rows.Select(row => row.At).ToArray(),
                completions = rows.Select(row => completed.TryGetValue(KeyOf(row), out var at) ? at : (DateTime?)null).ToArray(),
            },
            cancellationToken: patience.Token));
    }

    private static (Guid User, Guid Profile, Guid Asset) KeyOf(Watched word) => (word.User, word.Profile, word.Asset);

    private sealed record Waiting(IReadOnlyList<Watched> Words, TaskCompletionSource Done);
}
