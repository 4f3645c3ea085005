using Dapper;
using Movento.Contracts;
using Movento.Ingest.Assets;
using Movento.Storage.Staging;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>What was made, or why not; <paramref name="IsNew"/> is false where an idempotency key had made it before.</summary>
internal readonly record struct UploadCreation(UploadRow? Upload, bool IsNew, IngestError? Error);

/// <summary>
/// The table uploads. Who appends writes with the token of its hold: once another holds the upload, nothing that the former one still does
/// counts.
/// </summary>
internal sealed class UploadTable(IngestDatabase database, UploadQuota quota, IngestOptions options, TimeProvider time)
{
    /// <summary>Makes an upload and its asset, which is shown as receiving from now on.</summary>
    public async Task<UploadCreation> CreateAsync(NewUpload wanted, CancellationToken cancellationToken)
    {
        if (wanted.Length > options.MaxUploadBytes) return new(null, false, IngestError.TooLarge);
        if (wanted.Length == 0) return new(null, false, IngestError.Empty);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Two requests with one key come one after the other: the lock of the team, which the quota takes, is theirs too.
        if (wanted.IdempotencyKey is { } key)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "select pg_advisory_xact_lock(hashtextextended('movento upload key ' || @lock, 0))",
                new { @lock = $"{wanted.Owner} {key}" }, transaction, cancellationToken: cancellationToken));
            var made = await connection.QuerySingleOrDefaultAsync<UploadRow>(new CommandDefinition(
                $"select {UploadRow.Columns} from uploads where owner_id = @Owner and idempotency_key = @key",
                new { wanted.Owner, key }, transaction, cancellationToken: cancellationToken));
            if (made is { State: not UploadState.Failed })
                return made.Asked.AsSpan().SequenceEqual(wanted.Asked()) ? new(made, false, null) : new(null, false, UploadErrors.KeyReused);
            // One that came to nothing does not keep its key.
            if (made is not null)
                await connection.ExecuteAsync(new CommandDefinition(
                    "update uploads set idempotency_key = null where id = @Id", new { made.Id }, transaction, cancellationToken: cancellationToken));
        }

        // The bytes of a concatenation are counted as its parts already.
        if (await quota.BeginAsync(connection, transaction, wanted.Team, wanted.Kind == UploadKind.Joined ? 0 : wanted.Length, cancellationToken) is { } error)
            return new(null, false, error);

        var id = AssetId.New(time.GetUtcNow());
        if (wanted.Kind != UploadKind.Part)
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into assets (id, owner_id, team_id, title, file_name, priority, state)
                values (@id, @Owner, @Team, @Title, @FileName, @priority, 'receiving')
                """,
                new
                {
                    id = id.Value, wanted.Owner, wanted.Team, wanted.Names.Title, wanted.Names.FileName, priority = (short)wanted.Priority,
                },
                transaction, cancellationToken: cancellationToken));
        var upload = await connection.QuerySingleAsync<UploadRow>(new CommandDefinition(
            $"""
            insert into uploads (id, owner_id, team_id, kind, state, length, received, metadata, digest, parts, idempotency_key, asked, expires_at)
            values (@id, @Owner, @Team, @Kind, @State, @Length, @Received, @Metadata, @Digest, @Parts, @IdempotencyKey, @asked, now() + @lifetime)
            returning {UploadRow.Columns}
            """,
            new
            {
                id = id.Value, wanted.Owner, wanted.Team, wanted.Kind, wanted.State, wanted.Length, wanted.Received, wanted.Metadata, wanted.Digest,
                wanted.Parts, wanted.IdempotencyKey, asked = wanted.IdempotencyKey is null ? null : wanted.Asked(), lifetime = options.UploadLifetime,
            },
            transaction, cancellationToken: cancellationToken));
        // Parts wait for their whole, however old they are.
        if (wanted.Parts is { } parts)
            await connection.ExecuteAsync(new CommandDefinition(
                "update uploads set expires_at = greatest(expires_at, now() + @lifetime) where id = any(@parts)",
                new { parts, lifetime = options.UploadLifetime }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return new(upload, true, null);
    }

    /// <summary>An owner's upload, or null.</summary>
    public async Task<UploadRow?> FindAsync(Guid id, Guid owner, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UploadRow>(new CommandDefinition(
            $"select {UploadRow.Columns} from uploads where id = @id and owner_id = @owner", new { id, owner }, cancellationToken: cancellationToken));
    }

    public async Task<UploadRow?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UploadRow>(new CommandDefinition(
            $"select {UploadRow.Columns} from uploads where id = @id", new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>An owner's uploads among these.</summary>
    public async Task<IReadOnlyList<UploadRow>> FindAsync(Guid[] ids, Guid owner, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<UploadRow>(new CommandDefinition(
            $"select {UploadRow.Columns} from uploads where id = any(@ids) and owner_id = @owner", new { ids, owner }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>A concatenation of these parts that was begun before, and did not fail.</summary>
    public async Task<UploadRow?> FindJoinedAsync(Guid owner, Guid[] parts, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<UploadRow>(new CommandDefinition(
            $"select {UploadRow.Columns} from uploads where owner_id = @owner and kind = 'joined' and state <> 'failed' and parts = @parts order by id desc limit 1",
            new { owner, parts }, cancellationToken: cancellationToken));
    }

    /// <summary>Takes the upload where it is open and nobody holds it, or, by <paramref name="force"/>, from whoever does. The row as it is now, if it was taken.</summary>
    public async Task<UploadRow?> TryHoldAsync(Guid id, Guid token, bool force, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UploadRow>(new CommandDefinition(
            $"update uploads set holder = @token where id = @id and state = 'open' and (holder is null or @force) returning {UploadRow.Columns}",
            new { id, token, force }, cancellationToken: cancellationToken));
    }

    public async Task ReleaseAsync(Guid id, Guid token)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await connection.ExecuteAsync("update uploads set holder = null where id = @id and holder = @token", new { id, token });
    }

    /// <summary>
    /// Says what is durable. False: the upload is held by another, or takes no bytes any more; nothing was changed.
    /// </summary>
    /// <param name="length">The length, where it has become known.</param>
    /// <param name="isLast">The holder lets go.</param>
    /// <param name="isWhole">Nothing will follow: the upload can be finished.</param>
    public async Task<bool> CommitAsync(UploadRow upload, Guid token, StagedBytes staged, long? length, bool isLast, bool isWhole)
    {
        // What is durable must be said, however impatient the client is; so nothing cancels this.
        await using var connection = await database.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool?>(
            """
            with mine as (
              update uploads set received = @Received, staged = @Memo, length = coalesce(@length, length),
                holder = case when @isLast then null else holder end, state = case when @isWhole then 'finishing' else state end,
                expires_at = now() + @lifetime
              where id = @Id and holder = @token and state = 'open' returning id),
            seen as (
              update assets set stage_progress = @progress where id = (select id from mine) and state = 'receiving' and stage_progress <> @progress)
            select true from mine
            """,
            new
            {
                upload.Id, token, Received = staged.Length, staged.Memo, length, isLast, isWhole, lifetime = options.UploadLifetime,
                progress = (length ?? upload.Length) is { } all and > 0 ? (float)Math.Min(1, (double)staged.Length / all) : 0f,
            }) is true;
    }

    /// <summary>From now on the upload takes nothing; its asset is marked for removal. The row as it was, or null where there was nothing to end.</summary>
    /// <param name="evenComplete">Also one whose asset is queued already: the asset itself is being removed.</param>
    public async Task<UploadRow?> FailAsync(Guid id, string failure, bool evenComplete, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UploadRow>(new CommandDefinition(
            $"""
            with ended as (
              update uploads set state = 'failed', failure = @failure, holder = null, finisher = null
              where id = @id and state <> 'failed' and (state <> 'complete' or @evenComplete) returning *),
            marked as (update assets set state = 'deleting' where id = (select id from ended) and state = 'receiving')
            select {UploadRow.Columns} from ended
            """,
            new { id, failure, evenComplete }, cancellationToken: cancellationToken));
    }
}
