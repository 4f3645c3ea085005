using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Ingest.Announcements;
using Movento.Ingest.Assets;
using Movento.Ingest.Jobs;
using Movento.Ingest.Upload.Direct;
using Movento.Storage;
using Movento.Storage.Staging;
using Npgsql;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>
/// Makes an upload that has all its bytes an asset that waits for a worker: the bytes become an object, their SHA-256 is known and, where
/// one was announced, is that one; then the row says so. No client is needed for it: it goes on when the one that sent the last byte is
/// gone, and what a killed process leaves undone, the sweep of another does.
/// </summary>
internal sealed partial class UploadFinisher(
    IngestDatabase database, UploadTable table, IUploadStaging staging, IObjectStore store, RunningHashes hashes, UploadQuota quota, AssetRemoval removal,
    AnnouncementSignal announced, JobWakeUp wakeUp, IngestMetrics metrics, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<UploadFinisher> logger) : IDisposable
{
    private const string ContentType = "application/octet-stream";
    private const int BufferSize = 256 << 10;

    // Whole files are read again by few at a time, so that a start after a kill leaves the disk to the living.
    private const int Readers = 2;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly ConcurrentDictionary<Guid, Lazy<Task<UploadOutcome>>> _running = new();
    private readonly SemaphoreSlim _reading = new(Readers);

    /// <summary>Finishes the upload, or waits for whoever does; a caller that is cancelled stops to wait, and nothing else.</summary>
    public Task<UploadOutcome> FinishAsync(Guid upload, CancellationToken cancellationToken) =>
        _running.GetOrAdd(upload, id => new Lazy<Task<UploadOutcome>>(() => Task.Run(() => RunAsync(id)))).Value.WaitAsync(cancellationToken);

    public void Dispose() => _reading.Dispose();

    private async Task<UploadOutcome> RunAsync(Guid id)
    {
        var stopping = lifetime.ApplicationStopping;
        var me = Guid.NewGuid();
        try
        {
            while (true)
            {
                var upload = await ClaimAsync(id, me, stopping);
                if (upload is not null) return await FinishClaimedAsync(upload, me, stopping);
                if (await table.FindAsync(id, stopping) is not { } row) return new(null, UploadErrors.Gone);
                if (row.State == UploadState.Complete) return await ReceiptAsync(row, stopping);
                if (row.State != UploadState.Finishing) return new(null, UploadErrors.Of(row.Failure));
                await Task.Delay(Look, time, stopping);
            }
        }
        catch (Exception exception)
        {
            // The row still says finishing: the sweep tries again, here or elsewhere.
            Log.CannotFinish(logger, id, exception);
            await GiveBackAsync(id, me);
            return new(null, exception is ObjectStoreException or IOException ? StoreErrors.Of(exception) : IngestError.StorageUnavailable);
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    private async Task<UploadOutcome> FinishClaimedAsync(UploadRow upload, Guid me, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var renewing = RenewAsync(upload.Id, me, stop);
        try
        {
            // 1. The bytes as one object.
            byte[]? sha256 = null;
            switch (upload.Kind)
            {
                case UploadKind.Joined:
                    if (await IsPartMissingAsync(upload, stop.Token)) return await FailAsync(upload, UploadErrors.PartsUnfinished, stop.Token);
                    sha256 = await JoinAsync(upload, me, stop.Token);
                    break;
                case UploadKind.Direct:
                    if (await CompleteDirectAsync(upload, stop.Token) is { } error) return await FailAsync(upload, error, stop.Token);
                    break;
                default:
                    await staging.CompleteAsync(upload.Key, upload.Staged, ContentType, stop.Token);
                    break;
            }
            if (upload.Kind == UploadKind.Part)
            {
                await SetAsync(upload.Id, me, "state = 'complete'", stop.Token);
                return new(new UploadReceipt(upload.Asset.ToString(), upload.Received, ""), null);
            }

            // 2. Their hash: as it was counted while they came, or read again.
            if (sha256 is null && hashes.Take(upload.Id, upload.Received) is { } running)
            {
                sha256 = running.Value();
                running.Dispose();
            }
            sha256 ??= await ReadHashAsync(upload, stop.Token);
            if (upload.Digest is { } digest && !digest.AsSpan().SequenceEqual(sha256)) return await FailAsync(upload, UploadErrors.DigestMismatch, stop.Token);

            // 3. The row says so. From here on nothing loses it.
            if (await AcceptAsync(upload, me, sha256, stop.Token) is { } refused) return await FailAsync(upload, refused, stop.Token);
            metrics.Accepted(upload.Received);
            announced.Set();
            await wakeUp.CallAsync(upload.Asset);
            return new(new UploadReceipt(upload.Asset.ToString(), upload.Received, Convert.ToHexStringLower(sha256)), null);
        }
        finally
        {
            await stop.CancelAsync();
            await renewing;
        }
    }

    // A part that was removed will not come back.
    private async Task<bool> IsPartMissingAsync(UploadRow upload, CancellationToken cancellationToken)
    {
        foreach (var part in upload.Parts ?? [])
        {
            if (await store.HeadAsync(StorageKey.UploadPart(new AssetId(part)), cancellationToken) is null) return true;
        }
        return false;
    }

    private async Task<byte[]> JoinAsync(UploadRow upload, Guid me, CancellationToken cancellationToken)
    {
        // A join that a kill broke off begins anew: nobody was told of its bytes.
        using var hash = new RunningHash();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await staging.RemoveAsync(upload.Key, upload.Staged, cancellationToken);
            StagedBytes all;
            await using (var staged = await staging.OpenAsync(upload.Key, StagedBytes.None, cancellationToken))
            {
                foreach (var part in upload.Parts ?? [])
                {
                    await using var content = await store.OpenAsync(StorageKey.UploadPart(new AssetId(part)), cancellationToken)
                        ?? throw new ObjectStoreException($"The part {part:N} of the upload {upload.Asset} is missing.", isTransient: false);
                    int read;
                    while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
                    {
                        hash.Append(buffer.AsSpan(0, read));
                        await staged.WriteAsync(new ReadOnlySequence<byte>(buffer, 0, read), cancellationToken);
                    }
                }
                all = await staged.FlushAsync(cancellationToken);
            }
            if (all.Length != upload.Received)
                throw new ObjectStoreException($"The parts of the upload {upload.Asset} have {all.Length} bytes in place of {upload.Received}.", isTransient: false);
            await SetAsync(upload.Id, me, "staged = @memo", cancellationToken, all.Memo);
            await staging.CompleteAsync(upload.Key, all, ContentType, cancellationToken);
            return hash.Value();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<IngestError?> CompleteDirectAsync(UploadRow upload, CancellationToken cancellationToken)
    {
        var there = await store.HeadAsync(upload.Key, cancellationToken);
        if (there is null)
        {
            var parts = JsonSerializer.Deserialize(upload.DirectParts ?? "[]", DirectJson.Default.DirectPartArray) ?? [];
            try
            {
                there = await ((IDirectUploads)store).CompleteAsync(upload.Key, upload.Memo!, parts, cancellationToken);
            }
            catch (ObjectStoreException exception) when (!exception.IsTransient)
            {
                Log.DirectRefused(logger, upload.Id, exception);
                return UploadErrors.PartsMissing;
            }
        }
        return there.Length == upload.Length ? null : UploadErrors.PartsMissing;
    }

    private async Task<byte[]> ReadHashAsync(UploadRow upload, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = new RunningHash();
            await using var content = await store.OpenAsync(upload.Key, cancellationToken)
                ?? throw new ObjectStoreException($"The upload {upload.Asset} is not there.", isTransient: false);
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0) hash.Append(buffer.AsSpan(0, read));
            if (hash.Length != upload.Received)
                throw new ObjectStoreException($"The upload {upload.Asset} has {hash.Length} bytes in place of {upload.Received}.", isTransient: false);
            return hash.Value();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _reading.Release();
        }
    }

    private async Task<IngestError?> AcceptAsync(UploadRow upload, Guid me, byte[] sha256, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var isOurs = await connection.ExecuteAsync(new CommandDefinition(
            """
            update uploads set state = 'complete', staged = null, finisher = null, finish_until = null
            where id = @Id and state = 'finishing' and finisher = @me
            """,
            new { upload.Id, me }, transaction, cancellationToken: cancellationToken)) == 1;
        if (!isOurs) return UploadErrors.Gone;
        // A concatenation was counted as its parts, which may have expired meanwhile.
        if (upload.Kind == UploadKind.Joined && !await quota.FitsAsync(connection, transaction, upload.Team, upload.Received, cancellationToken)) return UploadErrors.TeamQuota;
        var asset = await connection.QuerySingleOrDefaultAsync<(Guid Owner, string Title)?>(new CommandDefinition(
            """
            update assets set state = 'queued', bytes = @Received, sha256 = @sha256, stage_progress = 1, not_before = now(), lease_token = null, lease_until = null
            where id = @Id and state = 'receiving' returning owner_id, title
            """,
            new { upload.Id, upload.Received, sha256 }, transaction, cancellationToken: cancellationToken));
        if (asset is not { } accepted) return UploadErrors.Gone;
        if (upload.Parts is { } parts)
            await connection.ExecuteAsync(new CommandDefinition(
                "update uploads set expires_at = least(expires_at, now() + interval '1 hour') where id = any(@parts)", new { parts }, transaction,
                cancellationToken: cancellationToken));
        await Announcement.Of(new AssetAccepted(upload.Id, accepted.Owner, accepted.Title, time.GetUtcNow())).KeepAsync(connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private async Task<UploadOutcome> FailAsync(UploadRow upload, IngestError error, CancellationToken cancellationToken)
    {
        await table.FailAsync(upload.Id, error.Code, evenComplete: false, cancellationToken);
        var row = await table.FindAsync(upload.Id, cancellationToken);
        if (row is { State: UploadState.Complete }) return await ReceiptAsync(row, cancellationToken);
        // Another process has taken the work over; what it makes of it counts.
        if (row is { State: UploadState.Finishing }) return new(null, IngestError.StorageUnavailable);
        Log.Failed(logger, upload.Id, error.Code);
        metrics.Refused(error.Code);
        try
        {
            // Before the asset is: where that was removed earlier than the object was made, nobody else knows of it.
            await store.DeleteAsync(upload.Key, cancellationToken);
            await removal.FinishAsync(upload.Asset, cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or ObjectStoreException)
        {
            Log.LeftToSweep(logger, upload.Id, exception);
        }
        return new(null, error);
    }

    /// <summary>What a complete upload's last request was answered.</summary>
    private async Task<UploadOutcome> ReceiptAsync(UploadRow upload, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var sha256 = await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            "select sha256 from assets where id = @Id", new { upload.Id }, cancellationToken: cancellationToken));
        return new(new UploadReceipt(upload.Asset.ToString(), upload.Received, sha256 is null ? "" : Convert.ToHexStringLower(sha256)), null);
    }

    private async Task<UploadRow?> ClaimAsync(Guid id, Guid me, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UploadRow>(new CommandDefinition(
            $"""
            update uploads set finisher = @me, finish_until = now() + @Lease
            where id = @id and state = 'finishing' and (finisher is null or finish_until < now()) returning {UploadRow.Columns}
            """,
            new { id, me, Lease }, cancellationToken: cancellationToken));
    }

    private async Task RenewAsync(Guid id, Guid me, CancellationTokenSource stop)
    {
        using var timer = new PeriodicTimer(Lease / 4, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    if (!await SetAsync(id, me, "finish_until = now() + @Lease", stop.Token)) await stop.CancelAsync();
                }
                catch (NpgsqlException exception) when (!stop.IsCancellationRequested)
                {
                    Log.CannotRenew(logger, id, exception);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> SetAsync(Guid id, Guid me, string assignment, CancellationToken cancellationToken, string? memo = null)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            $"update uploads set {assignment} where id = @id and finisher = @me and state = 'finishing'", new { id, me, Lease, memo },
            cancellationToken: cancellationToken)) == 1;
    }

    private async Task GiveBackAsync(Guid id, Guid me)
    {
        try
        {
            // Not at once: what failed now will fail in a moment too.
            await SetAsync(id, me, "finish_until = now() + interval '5 seconds'", CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The lease runs out by itself.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3031, LogLevel.Warning, "The upload {Upload} has all its bytes and could not be finished; it is tried again")]
        public static partial void CannotFinish(ILogger logger, Guid upload, Exception exception);

        [LoggerMessage(3032, LogLevel.Information, "The upload {Upload} failed: {Code}")]
        public static partial void Failed(ILogger logger, Guid upload, string code);

        [LoggerMessage(3033, LogLevel.Warning, "The lease on finishing the upload {Upload} could not be renewed")]
        public static partial void CannotRenew(ILogger logger, Guid upload, Exception exception);

        [LoggerMessage(3036, LogLevel.Warning, "What the upload {Upload} left could not be removed; it is swept away later")]
        public static partial void LeftToSweep(ILogger logger, Guid upload, Exception exception);

        [LoggerMessage(3035, LogLevel.Information, "The store did not complete the direct upload {Upload}")]
        public static partial void DirectRefused(ILogger logger, Guid upload, Exception exception);
    }
}
