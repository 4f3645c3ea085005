using System.Text.Json;
using Dapper;
using Movento.Contracts;
using Movento.Ingest.Announcements;
using Movento.Ingest.Encode;
using Movento.Ingest.Growing;

namespace Movento.Ingest.Jobs;

/// <summary>
/// The jobs in PostgreSQL. A job is claimed under a lease that its worker renews; when the lease runs out the job is another's.
/// Every statement that ends a job names the lease, so that a worker which lost it changes nothing. Leases run on the database's clock.
/// </summary>
internal sealed class JobQueue(IngestDatabase database, IngestOptions options, AnnouncementSignal announced, TimeProvider time)
{
    /// <summary>
    /// Claims a job that waits, or one whose worker has died: of the highest priority, then of the team that has the fewest jobs at
    /// work, then the one that has waited longest. Null where there is none. A job whose
    /// encode was decided on goes on as the same version: its tasks are still there.
    /// </summary>
    public async Task<IngestJob?> ClaimAsync(CancellationToken cancellationToken)
    {
        var lease = Guid.NewGuid();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Claim>(new CommandDefinition(
            """
            update assets set state = 'processing', stage = 'probe', stage_progress = 0, rungs = '[]', notes = '[]',
              claims = claims + case when plan is null then 1 else 0 end, attempts = attempts + 1, lease_token = @lease, lease_until = now() + @duration
            where id = (
              select a.id from assets a
              where a.state = 'queued' and a.not_before <= now() or a.state = 'processing' and a.lease_until < now()
              order by a.priority desc,
                (select count(*) from assets b where b.team_id = a.team_id and b.state = 'processing' and b.lease_until >= now()),
                a.not_before, a.id
              limit 1 for update skip locked)
            returning id as "Id", owner_id as "Owner", title as "Title", claims as "Claims", attempts as "Attempts",
              bytes as "Bytes", sha256 as "Sha256", version as "PublishedVersion", plan::text as "Plan"
            """,
            new { lease, duration = options.Lease }, cancellationToken: cancellationToken));
        return row is null
            ? null
            : new IngestJob(new AssetId(row.Id), row.Owner, row.Title, row.Claims, lease, row.Attempts, row.Bytes, row.Sha256, row.PublishedVersion)
            {
                Plan = row.Plan is null ? null : JsonSerializer.Deserialize(row.Plan, EncodePlanJson.Default.EncodePlan),
            };
    }

    /// <summary>Keeps what was decided about the encode, for whoever takes the job over. False: the job is not ours any more.</summary>
    public async Task<bool> KeepPlanAsync(IngestJob job, EncodePlan plan, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "update assets set plan = cast(@plan as jsonb) where id = @id and lease_token = @Lease and state = 'processing'",
            new { id = job.Asset.Value, job.Lease, plan = JsonSerializer.Serialize(plan, EncodePlanJson.Default.EncodePlan) },
            cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Renews the lease and writes how far the job is. False: the job is not ours any more.</summary>
    public async Task<bool> RenewAsync(IngestJob job, JobProgress progress, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            update assets set lease_until = now() + @duration, stage = @Stage, stage_progress = @Fraction, rungs = cast(@rungs as jsonb),
              notes = cast(@notes as jsonb), duration_seconds = coalesce(@DurationSeconds, duration_seconds)
            where id = @id and lease_token = @Lease and state = 'processing'
            """,
            new
            {
                id = job.Asset.Value, job.Lease, duration = options.Lease, progress.Stage, progress.Fraction,
                rungs = progress.RungsJson(), notes = progress.NotesJson(), progress.DurationSeconds,
            },
            cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Gives the job back, to be claimed again after <paramref name="delay"/>.</summary>
    /// <param name="counts">Whether the attempt counts against <see cref="IngestOptions.MaxAttempts"/>.</param>
    public async Task ReleaseAsync(IngestJob job, TimeSpan delay, bool counts, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update assets set state = case state when 'processing' then 'queued' else state end,
              attempts = attempts - @uncounted, not_before = now() + @delay, lease_token = null, lease_until = null
            where id = @id and lease_token = @Lease
            """,
            new { id = job.Asset.Value, job.Lease, delay, uncounted = counts ? 0 : 1 }, cancellationToken: cancellationToken));
    }

    /// <summary>Ends the job as published, and keeps the announcement, under the title of now. False: the job is not ours any more.</summary>
    public Task<bool> PublishAsync(IngestJob job, AssetPublished published, JobProgress progress, CancellationToken cancellationToken) =>
        EndAsync(job, title => Announcement.Of(published with { Title = title }), new
        {
            id = job.Asset.Value, job.Lease, outcome = (string?)null, stage = Stage.Publish, fraction = 1f,
            version = (int?)published.Version, duration = (double?)published.DurationSeconds, rungs = progress.RungsJson(), notes = progress.NotesJson(),
            code = (string?)null, message = (string?)null, hint = (string?)null,
        }, cancellationToken);

    /// <summary>
    /// Ends the job as rejected, and keeps the announcement. A version that is published stays. False: the job is not ours any more.
    /// </summary>
    public Task<bool> RejectAsync(IngestJob job, Rejection rejection, JobProgress progress, CancellationToken cancellationToken) =>
        EndAsync(job, _ => Announcement.Of(new AssetRejected(job.Asset.Value, rejection.Code, rejection.Message, time.GetUtcNow(), job.Version)), new
        {
            id = job.Asset.Value, job.Lease, outcome = (string?)AssetState.Rejected, stage = progress.Stage, fraction = progress.Fraction,
            version = (int?)null, duration = progress.DurationSeconds, rungs = progress.RungsJson(), notes = progress.NotesJson(),
            code = (string?)rejection.Code, message = (string?)rejection.Message, hint = (string?)rejection.Hint,
        }, cancellationToken);

    private async Task<bool> EndAsync(IngestJob job, Func<string, Announcement> announce, object end, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var title = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            """
            update assets set state = case when coalesce(@version, version) is null then @outcome else 'published' end, job_outcome = @outcome,
              stage = @stage, stage_progress = @fraction, version = coalesce(@version, version),
              duration_seconds = coalesce(@duration, duration_seconds),
              rungs = cast(@rungs as jsonb), notes = cast(@notes as jsonb), rejection_code = @code, rejection_message = @message, rejection_hint = @hint,
              lease_token = null, lease_until = null, plan = null
            where id = @id and lease_token = @Lease and state = 'processing'
            returning title
            """,
            end, transaction, cancellationToken: cancellationToken));
        if (title is null) return false;
        var announcement = announce(title);
        if (announcement.Kind == "published")
        {
            // The version before it goes on playing for whoever holds a token that names it, until the sweep removes it.
            await connection.ExecuteAsync(new CommandDefinition(
                """
                update asset_versions set retired_at = now() where asset_id = @AssetId and retired_at is null;
                insert into asset_versions (asset_id, version) values (@AssetId, @Version);
                insert into growing_remains (asset_id, version, remove_after) values (@AssetId, @Version, now() + @Grace)
                """,
                new { announcement.AssetId, announcement.Version, GrowingRemains.Grace }, transaction, cancellationToken: cancellationToken));
        }
        await announcement.KeepAsync(connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        announced.Set();
        return true;
    }

    private sealed record Claim(Guid Id, Guid Owner, string Title, int Claims, int Attempts, long Bytes, byte[] Sha256, int? PublishedVersion, string? Plan);
}
