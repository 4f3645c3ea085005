using Dapper;
using Movento.Contracts;
using Movento.Ingest.Announcements;
using Movento.Ingest.Jobs;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Growing;

/// <summary>Says once of a version that it can be played while it is made.</summary>
internal sealed class PlayableAnnouncement(IngestDatabase database, AnnouncementSignal announced)
{
    /// <summary>Keeps the announcement, unless this version was announced before or the job is not ours any more.</summary>
    public async Task AnnounceAsync(IngestJob job, GrowingPresentation growing, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Its title of now: it may have another one since it was claimed.
        var title = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            """
            update assets set playable_version = @Version
            where id = @id and lease_token = @Lease and state = 'processing' and playable_version is distinct from @Version
            returning title
            """,
            new { id = job.Asset.Value, job.Lease, job.Version }, transaction, cancellationToken: cancellationToken));
        if (title is null) return;
        var highest = growing.Playable.Video.LastOrDefault()?.Video;
        await Announcement.Of(new AssetPlayable(
            job.Asset.Value, job.Owner, title, job.Version, growing.ExpectedDuration?.TotalSeconds ?? 0, highest?.Width ?? 0, highest?.Height ?? 0,
            growing.StartedAt)).KeepAsync(connection, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        announced.Set();
    }

    /// <summary>The version cannot be played any more. Who has heard of it hears of its refusal, its deletion or a later version.</summary>
    public async Task WithdrawAsync(IngestJob job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            delete from announcements where asset_id = @id and kind = 'playable' and version = @Version;
            update assets set playable_version = null where id = @id and playable_version = @Version
            """,
            new { id = job.Asset.Value, job.Version }, cancellationToken: cancellationToken));
    }
}
