using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>
/// Who appends to an upload: one request at a time, and always the newest. An older one is most likely of a client that has lost its
/// connection and not told anybody; it is asked to let go, which it does once what it has received is durable. One that does not answer in
/// time, since its process is dead, loses its hold: nothing that it may still do counts. Requests of this process meet here, those of
/// others hear of it from PostgreSQL (NOTIFY).
/// </summary>
internal sealed partial class UploadHolds(IngestDatabase database, UploadTable table, TimeProvider time, ILogger<UploadHolds> logger)
    : NotificationListener(database, "movento_ingest_upload", time)
{
    // A new request must not wait longer than a second for a dead one (issue 4).
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(40);
    private readonly ConcurrentDictionary<Guid, UploadHold> _newest = new();

    /// <summary>Takes the upload from whoever has it. Null: it takes no bytes (any more).</summary>
    public async Task<UploadHold?> TakeAsync(Guid id, CancellationToken cancellationToken)
    {
        var hold = new UploadHold(this, id);
        UploadHold? older = null;
        _newest.AddOrUpdate(id, hold, (_, held) =>
        {
            older = held;
            return hold;
        });
        try
        {
            // 1. Here: ask, and wait.
            if (older is not null)
            {
                older.Ask();
                await WaitAsync(older.Released, cancellationToken);
            }

            // 2. Elsewhere: the same.
            var row = await table.TryHoldAsync(id, hold.Token, force: false, cancellationToken);
            var since = Time.GetTimestamp();
            var asked = false;
            while (row is null)
            {
                var seen = await table.FindAsync(id, cancellationToken);
                if (seen is not { State: UploadState.Open })
                {
                    hold.Forget();
                    return null;
                }
                if (!asked) await NotifyAsync(id, hold.Token, cancellationToken);
                asked = true;
                var isOver = Time.GetElapsedTime(since) >= Patience;
                if (!isOver) await Task.Delay(Look, Time, cancellationToken);
                row = await table.TryHoldAsync(id, hold.Token, force: isOver, cancellationToken);
                if (isOver && row is not null) Log.Taken(logger, id);
            }
            hold.Upload = row;
            return hold;
        }
        catch
        {
            await hold.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks whoever holds the upload, wherever, to let go, and waits for it, but not long.</summary>
    public async Task AskAsync(Guid id, CancellationToken cancellationToken)
    {
        if (_newest.TryGetValue(id, out var held))
        {
            held.Ask();
            await WaitAsync(held.Released, cancellationToken);
        }
        else
        {
            await NotifyAsync(id, Guid.Empty, cancellationToken);
        }
    }

    protected override void Heard(string payload)
    {
        if (payload.Split(' ') is not [var id, var by] || !Guid.TryParse(id, out var upload) || !Guid.TryParse(by, out var token)) return;
        if (_newest.TryGetValue(upload, out var held) && held.Token != token) held.Ask();
    }

    private async Task NotifyAsync(Guid id, Guid token, CancellationToken cancellationToken)
    {
        await using var connection = await Database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_notify('movento_ingest_upload', @payload)", new { payload = $"{id} {token}" }, cancellationToken: cancellationToken));
    }

    private async Task WaitAsync(Task released, CancellationToken cancellationToken)
    {
        try
        {
            await released.WaitAsync(Patience, Time, cancellationToken);
        }
        catch (TimeoutException)
        {
        }
    }

    internal void Forget(UploadHold hold) => _newest.TryRemove(new KeyValuePair<Guid, UploadHold>(hold.Id, hold));

    internal Task ReleaseAsync(UploadHold hold) => table.ReleaseAsync(hold.Id, hold.Token);

    protected override void Disconnected(Exception exception) => Log.Disconnected(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(3011, LogLevel.Information, "The upload {Upload} was taken from a request that did not let go")]
        public static partial void Taken(ILogger logger, Guid upload);

        [LoggerMessage(3012, LogLevel.Warning, "The connection that hears of newer requests is lost; connecting again")]
        public static partial void Disconnected(ILogger logger, Exception exception);
    }
}

/// <summary>One request's hold on an upload. Whoever has it disposes it, whereupon the next one may begin.</summary>
internal sealed class UploadHold(UploadHolds holds, Guid id) : IAsyncDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Guid Id { get; } = id;

    /// <summary>What its writes to the database carry.</summary>
    public Guid Token { get; } = Guid.NewGuid();

    /// <summary>The row when it was taken.</summary>
    public UploadRow Upload { get; set; } = null!;

    /// <summary>Cancelled when a newer request wants the upload.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <summary>Ends when the hold has.</summary>
    public Task Released => _released.Task;

    /// <summary>Whether the row has let go of it already, with its last commit.</summary>
    public bool IsReleased { get; set; }

    public void Ask() => _asked.Cancel();

    public void Forget()
    {
        IsReleased = true;
        holds.Forget(this);
        _released.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!IsReleased) await holds.ReleaseAsync(this);
        }
        catch (NpgsqlException)
        {
            // Without the database nobody can take the upload either; afterwards the next request takes it by force.
        }
        finally
        {
            Forget();
        }
    }
}
