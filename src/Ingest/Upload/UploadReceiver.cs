using Dapper;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Ingest.Announcements;
using Movento.Ingest.Assets;
using Movento.Ingest.Jobs;
using Movento.Ingest.Upload.Resumable;
using Movento.Storage;
using Npgsql;

namespace Movento.Ingest.Upload;

/// <summary>Either a receipt or an error.</summary>
internal readonly record struct UploadOutcome(UploadReceipt? Receipt, IngestError? Error);

/// <summary>
/// Receives an upload. The row stands before the first byte and says that the bytes are on their way; the bytes are durable before
/// the row says so; only then is the upload acknowledged. Whatever is killed when, the sweep can tell what is left over.
/// </summary>
internal sealed partial class UploadReceiver(
    IngestDatabase database, IObjectStore store, AssetRemoval removal, UploadGate gate, UploadQuota quota, AnnouncementSignal announced,
    JobWakeUp wakeUp, AssetChanges changes, IngestOptions options, IngestMetrics metrics, TimeProvider time, ILogger<UploadReceiver> logger)
{
    // A person who watches a bar wants a second.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Receives <paramref name="body"/> to its end, or leaves nothing of it.</summary>
    /// <param name="declared">The Content-Length, or null.</param>
    public async Task<UploadOutcome> ReceiveAsync(NewUpload wanted, Stream body, long? declared, CancellationToken cancellationToken)
    {
        if (declared > options.MaxUploadBytes) return Refused(IngestError.TooLarge);
        if (declared == 0) return Refused(IngestError.Empty);
        if (!gate.TryEnter()) return Refused(IngestError.TooManyUploads);
        try
        {
            return await ReceiveBoundedAsync(wanted, body, declared, cancellationToken);
        }
        finally
        {
            gate.Leave();
        }
    }

    private async Task<UploadOutcome> ReceiveBoundedAsync(NewUpload wanted, Stream body, long? declared, CancellationToken cancellationToken)
    {
        // 1. The row, under a lease, so that others know that somebody receives it.
        var asset = AssetId.New(time.GetUtcNow());
        var lease = Guid.NewGuid();
        if (await InsertAsync(asset, wanted, declared, lease, cancellationToken) is { } made)
        {
            if (made.Error is { } refused) return Refused(refused);
            return made;
        }

        // 2. The bytes, durable when this returns.
        using var measured = new MeasuredStream(body, options.MaxUploadBytes, declared);
        using var gone = new CancellationTokenSource();
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var unwanted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, gone.Token);
            var renewing = RenewAsync(asset, lease, measured, declared, gone, stop.Token);
            try
            {
                await store.PutAsync(StorageKey.Upload(asset), measured, "application/octet-stream", unwanted.Token);
            }
            finally
            {
                await stop.CancelAsync();
                await renewing;
            }
            if (measured.Count == 0) return await AbandonAsync(asset, lease, IngestError.Empty);
        }
        catch (Exception exception) when (ErrorOf(exception, gone.Token, cancellationToken) is { } error)
        {
            Log.BrokeOff(logger, asset.ToString(), error.Code, exception);
            return await AbandonAsync(asset, lease, error);
        }

        // 3. The row says so. From here on nothing loses it.
        var sha256 = measured.Sha256();
        if (wanted.Digest is { } digest && !digest.AsSpan().SequenceEqual(sha256)) return await AbandonAsync(asset, lease, UploadErrors.DigestMismatch);
        if (await AcceptAsync(asset, wanted, lease, measured.Count, sha256) is { } unacceptable) return await AbandonAsync(asset, lease, unacceptable);
        metrics.Accepted(measured.Count);

        // 4. Wake-up calls; losing one loses nothing.
        announced.Set();
        await wakeUp.CallAsync(asset);
        return new(new UploadReceipt(asset.ToString(), measured.Count, Convert.ToHexStringLower(sha256)), null);
    }

    /// <summary>Null: the row stands. Else what the same idempotency key had brought before, or why nothing is received.</summary>
    private async Task<UploadOutcome?> InsertAsync(AssetId asset, NewUpload wanted, long? declared, Guid lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (wanted.IdempotencyKey is { } key)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "select pg_advisory_xact_lock(hashtextextended('movento upload key ' || @lock, 0))", new { @lock = $"{wanted.Owner} {key}" }, transaction,
                cancellationToken: cancellationToken));
            var made = await connection.QuerySingleOrDefaultAsync<Earlier>(new CommandDefinition(
                """
                select u.id as "Id", u.kind as "Kind", u.asked as "Asked", a.state as "State", a.bytes as "Bytes", a.sha256 as "Sha256"
                from uploads u left join assets a on a.id = u.id where u.owner_id = @Owner and u.idempotency_key = @key
                """,
                new { wanted.Owner, key }, transaction, cancellationToken: cancellationToken));
            // One that came to nothing does not keep its key.
            if (made is { State: null or AssetState.Deleting })
                await connection.ExecuteAsync(new CommandDefinition(
                    "update uploads set idempotency_key = null where id = @Id", new { made.Id }, transaction, cancellationToken: cancellationToken));
            else if (made is not null)
                return made.Kind != UploadKind.Plain || !wanted.Asked().AsSpan().SequenceEqual(made.Asked) ? new(null, UploadErrors.KeyReused)
                    : made.Sha256 is null ? new(null, UploadErrors.InProgress)
                    : new(new UploadReceipt(new AssetId(made.Id).ToString(), made.Bytes ?? 0, Convert.ToHexStringLower(made.Sha256)), null);
        }
        if (await quota.BeginAsync(connection, transaction, wanted.Team, declared, cancellationToken) is { } error) return new(null, error);

        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into assets (id, owner_id, team_id, title, file_name, priority, state, lease_token, lease_until)
            values (@id, @Owner, @Team, @Title, @FileName, @priority, 'receiving', @lease, now() + @duration)
            """,
            new
            {
                id = asset.Value, wanted.Owner, wanted.Team, wanted.Names.Title, wanted.Names.FileName, priority = (short)wanted.Priority, lease,
                duration = options.AbandonedAfter,
            },
            transaction, cancellationToken: cancellationToken));
        if (wanted.IdempotencyKey is not null)
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into uploads (id, owner_id, team_id, kind, state, idempotency_key, asked, expires_at)
                values (@id, @Owner, @Team, 'plain', 'complete', @IdempotencyKey, @asked, now() + @lifetime)
                """,
                new { id = asset.Value, wanted.Owner, wanted.Team, wanted.IdempotencyKey, asked = wanted.Asked(), lifetime = options.UploadLifetime },
                transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    // What an idempotency key had brought; without a state, its asset is gone.
    private sealed class Earlier
    {
        public Guid Id { get; init; }
        public string Kind { get; init; } = "";
        public byte[]? Asked { get; init; }
        public string? State { get; init; }
        public long? Bytes { get; init; }
        public byte[]? Sha256 { get; init; }
    }

    // Keeps the lease, says how far it is, and hears at once when the asset is removed: nobody wants the rest of it then.
    private async Task RenewAsync(
        AssetId asset, Guid lease, MeasuredStream measured, long? declared, CancellationTokenSource gone, CancellationToken cancellationToken)
    {
        var pace = Pace < options.AbandonedAfter / 3 ? Pace : options.AbandonedAfter / 3;
        using var subscription = changes.Subscribe(asset.Value);
        var renewedAt = time.GetTimestamp();
        try
        {
            while (true)
            {
                if (pace - time.GetElapsedTime(renewedAt) is var left && left > TimeSpan.Zero) await subscription.WaitAsync(left, time, cancellationToken);
                // Our own progress is a change that is heard of, too: between two renewals the row is only looked at.
                var isDue = time.GetElapsedTime(renewedAt) >= pace;
                try
                {
                    await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
                    var isWanted = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                        isDue
                            ? """
                              with renewed as (
                                update assets set lease_until = now() + @duration, stage_progress = @progress
                                where id = @id and lease_token = @lease and state = 'receiving' returning id)
                              select exists (select from renewed)
                              """
                            : "select exists (select from assets where id = @id and lease_token = @lease and state = 'receiving')",
                        new
                        {
                            id = asset.Value, lease, duration = options.AbandonedAfter,
                            progress = declared is { } all ? (float)((double)measured.Count / all) : 0,
                        },
                        cancellationToken: cancellationToken));
                    if (!isWanted)
                    {
                        await gone.CancelAsync();
                        return;
                    }
                }
                catch (NpgsqlException exception) when (!cancellationToken.IsCancellationRequested)
                {
                    // If it stays so, accepting the upload will fail, and say so.
                    Log.CannotRenew(logger, asset.ToString(), exception);
                }
                if (isDue) renewedAt = time.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task<IngestError?> AcceptAsync(AssetId asset, NewUpload wanted, Guid lease, long bytes, byte[] sha256)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        // Nothing of it was counted while it came: two together may have taken what only one of them fits into.
        if (!await quota.FitsAsync(connection, transaction, wanted.Team, bytes, CancellationToken.None)) return UploadErrors.TeamQuota;
        var accepted = await connection.ExecuteAsync(
            """
            update assets set state = 'queued', bytes = @bytes, sha256 = @sha256, stage_progress = 1, not_before = now(),
              lease_token = null, lease_until = null
            where id = @id and lease_token = @lease and state = 'receiving'
            """,
            new { id = asset.Value, lease, bytes, sha256 }, transaction) == 1;
        if (!accepted) return IngestError.StorageUnavailable;
        await Announcement.Of(new AssetAccepted(asset.Value, wanted.Owner, wanted.Names.Title, time.GetUtcNow()))
            .KeepAsync(connection, transaction, CancellationToken.None);
        await transaction.CommitAsync();
        return null;
    }

    /// <summary>Leaves nothing; what cannot be removed now is swept away when the lease runs out.</summary>
    private async Task<UploadOutcome> AbandonAsync(AssetId asset, Guid lease, IngestError error)
    {
        try
        {
            await using (var connection = await database.Source.OpenConnectionAsync())
                await connection.ExecuteAsync(
                    "update assets set state = 'deleting', lease_token = null, lease_until = null where id = @id and lease_token = @lease and sha256 is null",
                    new { id = asset.Value, lease });
            await removal.FinishAsync(asset, CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or ObjectStoreException)
        {
            Log.LeftToSweep(logger, asset.ToString(), exception);
        }
        return Refused(error);
    }

    private UploadOutcome Refused(IngestError error)
    {
        metrics.Refused(error.Code);
        return new(null, error);
    }

    private static IngestError? ErrorOf(Exception exception, CancellationToken gone, CancellationToken cancellationToken)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is UploadTooLargeException) return IngestError.TooLarge;
            if (inner is UploadIncompleteException) return IngestError.Incomplete;
        }
        if (gone.IsCancellationRequested) return UploadErrors.Gone;
        if (cancellationToken.IsCancellationRequested) return IngestError.Incomplete;
        return exception is ObjectStoreException or IOException ? StoreErrors.Of(exception) : null;
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "The upload of {Asset} broke off: {Code}")]
        public static partial void BrokeOff(ILogger logger, string asset, string code, Exception exception);

        [LoggerMessage(3002, LogLevel.Warning, "What {Asset} left could not be removed; it is swept away later")]
        public static partial void LeftToSweep(ILogger logger, string asset, Exception exception);

        [LoggerMessage(3004, LogLevel.Warning, "The lease of the upload {Asset} could not be renewed")]
        public static partial void CannotRenew(ILogger logger, string asset, Exception exception);
    }
}
