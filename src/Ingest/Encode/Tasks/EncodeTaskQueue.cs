using System.Text.Json;
using Dapper;
using Movento.Contracts;
using Movento.Ingest.Jobs;
using Npgsql;

namespace Movento.Ingest.Encode.Tasks;

/// <summary>A claimed task: one attempt at it.</summary>
/// <param name="Asset">The film.</param>
/// <param name="Version">That is being made.</param>
/// <param name="Spec">What to run.</param>
/// <param name="Attempt">From 1; every claim counts.</param>
/// <param name="Lease">Proves that it is still ours.</param>
internal sealed record EncodeTask(AssetId Asset, int Version, EncodeTaskSpec Spec, int Attempt, Guid Lease);

/// <summary>How a task of a film stands.</summary>
internal sealed record EncodeTaskStatus(string Name, string State, float Progress, int Parts, int Attempt, EncodeTaskResult? Result, RejectionReason? Reason, string? Error)
{
    public bool IsDone => State == "done";
}

/// <summary>
/// The tasks in PostgreSQL. A task is claimed under a lease that its worker renews; when the lease runs out it is another's. Every statement that ends one
/// names the lease, so that a worker which lost it changes nothing. Leases run on the database's clock, and only hold while the film's job does.
/// </summary>
internal sealed class EncodeTaskQueue(IngestDatabase database, IngestOptions options, EncodeTaskSignal signal, EncodeTaskChanges changes)
{
    private const int MaxError = 4096;

    /// <summary>Adds tasks of a film; those that are there already stay as they are.</summary>
    public async Task AddAsync(IngestJob job, IReadOnlyList<EncodeTaskSpec> specs, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from encode_tasks where asset_id = @id and version <> @Version", new { id = job.Asset.Value, job.Version }, transaction,
            cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into encode_tasks (asset_id, version, name, urgency, ordinal, spec)
            select @id, @Version, t.name, t.urgency, t.ordinal, cast(t.spec as jsonb)
            from unnest(@names, @urgencies, @ordinals, @specs) as t (name, urgency, ordinal, spec)
            on conflict do nothing
            """,
            new
            {
                id = job.Asset.Value, job.Version,
                names = specs.Select(spec => spec.Name).ToArray(),
                urgencies = specs.Select(spec => (short)spec.Urgency).ToArray(),
                ordinals = specs.Select(spec => spec.Ordinal).ToArray(),
                specs = specs.Select(spec => JsonSerializer.Serialize(spec, EncodeTaskJson.Default.EncodeTaskSpec)).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));
        await NotifyAsync(connection, transaction, job.Asset.Value, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Set();
    }

    /// <summary>
    /// Claims the next task, or one whose worker has died; null where there is none. Those of a higher priority go first, then those that make a film
    /// playable, then the teams for whom the fewest run, then the oldest film. A dead worker counts as a failure: a film may have killed it.
    /// </summary>
    /// <param name="places">
    /// How large it may be (<see cref="EncodeTaskSpec.Places"/>). One that is larger is waited for: others that came before it each time would leave it no room.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<EncodeTask?> ClaimAsync(int places, CancellationToken cancellationToken)
    {
        var lease = Guid.NewGuid();
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Claim>(new CommandDefinition(
            """
            with running as (
              select a.team_id, count(*) as tasks from encode_tasks t join assets a on a.id = t.asset_id
              where t.state = 'running' and t.lease_until >= now() group by a.team_id),
            next as (
              select t.asset_id, t.version, t.name, coalesce(cast(t.spec ->> 'places' as integer), 1) as places from encode_tasks t
              join assets a on a.id = t.asset_id and a.state = 'processing'
              left join running r on r.team_id = a.team_id
              where t.state = 'queued' and t.not_before <= now() or t.state = 'running' and t.lease_until < now()
              order by a.priority desc, t.urgency, coalesce(r.tasks, 0), t.asset_id, t.ordinal
              limit 1 for update of t skip locked)
            update encode_tasks t set state = 'running', progress = 0, parts = 0, attempt = attempt + 1,
              failures = failures + case t.state when 'running' then 1 else 0 end,
              lease_token = @lease, lease_until = now() + @duration
            from next n where t.asset_id = n.asset_id and t.version = n.version and t.name = n.name and n.places <= @places
            returning t.asset_id as "Asset", t.version as "Version", t.spec::text as "Spec", t.attempt as "Attempt"
            """,
            new { lease, places, duration = options.TaskLease }, cancellationToken: cancellationToken));
        return row is null
            ? null
            : new EncodeTask(new AssetId(row.Asset), row.Version, JsonSerializer.Deserialize(row.Spec, EncodeTaskJson.Default.EncodeTaskSpec)!, row.Attempt, lease);
    }

    /// <summary>
    /// Renews the lease and writes how far the task is; who waits for the film here is woken for a new part, not for a bar. False: it is not ours any more, or nobody wants it.
    /// </summary>
    public async Task<bool> RenewAsync(EncodeTask task, EncodeTaskProgress progress, CancellationToken cancellationToken)
    {
        var parts = progress.Parts;
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var renewed = await connection.ExecuteAsync(new CommandDefinition(
            """
            update encode_tasks t set lease_until = now() + @duration, progress = @progress, parts = @parts
            from assets a
            where t.asset_id = @id and t.version = @Version and t.name = @name and t.lease_token = @Lease and t.state = 'running'
              and a.id = t.asset_id and a.state = 'processing'
            """,
            new { id = task.Asset.Value, task.Version, name = task.Spec.Name, task.Lease, duration = options.TaskLease, progress = (float)progress.Fraction, parts },
            cancellationToken: cancellationToken)) == 1;
        if (renewed && parts > progress.PartsTold)
        {
            progress.PartsTold = parts;
            changes.Set(task.Asset.Value);
        }
        return renewed;
    }

    /// <summary>Ends a task well. False: it is not ours any more.</summary>
    public Task<bool> CompleteAsync(EncodeTask task, EncodeTaskResult result, int parts, CancellationToken cancellationToken) => EndAsync(
        task,
        "state = 'done', progress = 1, parts = @parts, result = cast(@result as jsonb)",
        new
        {
            id = task.Asset.Value, task.Version, name = task.Spec.Name, task.Lease, parts,
            result = JsonSerializer.Serialize(result, EncodeTaskJson.Default.EncodeTaskResult),
        },
        cancellationToken);

    /// <summary>Gives a task back, to be claimed again after <paramref name="delay"/>.</summary>
    /// <param name="counts">Whether the attempt counts against <see cref="IngestOptions.MaxAttempts"/>.</param>
    public Task<bool> ReleaseAsync(EncodeTask task, TimeSpan delay, bool counts, CancellationToken cancellationToken) => EndAsync(
        task,
        "state = 'queued', not_before = now() + @delay, failures = failures + @counted",
        new { id = task.Asset.Value, task.Version, name = task.Spec.Name, task.Lease, delay, counted = counts ? 1 : 0 },
        cancellationToken);

    /// <summary>The film's fault: tried once more, since a tool may fail for other reasons too, then ended as failed.</summary>
    public Task<bool> FailAsync(EncodeTask task, RejectedException rejected, CancellationToken cancellationToken) => EndAsync(
        task,
        "state = case when failures = 0 then 'queued' else 'failed' end, not_before = now(), failures = failures + 1, reason = @reason, error = @error",
        new
        {
            id = task.Asset.Value, task.Version, name = task.Spec.Name, task.Lease, reason = rejected.Reason.ToString(),
            error = rejected.Message.Length > MaxError ? rejected.Message[..MaxError] : rejected.Message,
        },
        cancellationToken);

    /// <summary>How every task of the version stands.</summary>
    /// <param name="job">Whose tasks they are.</param>
    /// <param name="known">The names of those whose result is known: it is not read again, which a long film has a thousand of.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<IReadOnlyList<EncodeTaskStatus>> StatusAsync(IngestJob job, IEnumerable<string> known, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<StatusRow>(new CommandDefinition(
            """
            select name as "Name", state as "State", progress as "Progress", parts as "Parts", attempt as "Attempt", failures as "Failures",
              case when name = any(@known) then null else result::text end as "Result", reason as "Reason", error as "Error"
            from encode_tasks where asset_id = @id and version = @Version order by urgency, ordinal
            """,
            new { id = job.Asset.Value, job.Version, known = known.ToArray() }, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new EncodeTaskStatus(
                row.Name, row.Failures > options.MaxAttempts && row.State != "done" ? "failed" : row.State, row.Progress, row.Parts, row.Attempt,
                row.Result is null ? null : JsonSerializer.Deserialize(row.Result, EncodeTaskJson.Default.EncodeTaskResult),
                Enum.TryParse<RejectionReason>(row.Reason, out var reason) ? reason : null, row.Error)),
        ];
    }

    /// <summary>Nobody needs the film's tasks any more: whoever still works on one lets go of it.</summary>
    public async Task RemoveAsync(AssetId asset, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("delete from encode_tasks where asset_id = @id", new { id = asset.Value }, cancellationToken: cancellationToken));
    }

    private async Task<bool> EndAsync(EncodeTask task, string end, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var ended = await connection.ExecuteAsync(new CommandDefinition(
            $"""
            update encode_tasks set {end}, lease_token = null, lease_until = null
            where asset_id = @id and version = @Version and name = @name and lease_token = @Lease and state = 'running'
            """,
            parameters, cancellationToken: cancellationToken)) == 1;
        changes.Set(task.Asset.Value);
        if (ended) await NotifyAsync(connection, null, task.Asset.Value, cancellationToken);
        return ended;
    }

    private static Task<int> NotifyAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, Guid asset, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "select pg_notify(@Channel, @asset)", new { EncodeTaskNotices.Channel, asset = asset.ToString() }, transaction, cancellationToken: cancellationToken));

    private sealed record Claim(Guid Asset, int Version, string Spec, int Attempt);

    private sealed record StatusRow(string Name, string State, float Progress, int Parts, int Attempt, int Failures, string? Result, string? Reason, string? Error);
}
