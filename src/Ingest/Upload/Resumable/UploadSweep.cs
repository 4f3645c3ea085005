using Dapper;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Ingest.Assets;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>Finishes uploads whose process was killed before it had, removes interrupted ones that nobody went on with, and forgets old ones.</summary>
internal sealed partial class UploadSweep(
    IngestDatabase database, UploadFinisher finisher, UploadRemains remains, AssetRemoval removal, IngestOptions options, TimeProvider time,
    ILogger<UploadSweep> logger)
    : PeriodicSweep(new[] { MostInterval, options.AbandonedAfter / 4, options.UploadLifetime / 4 }.Min(), time)
{
    private const int Batch = 100;
    private static readonly TimeSpan MostInterval = TimeSpan.FromSeconds(5);

    public override async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);

        // 1. Uploads that have all their bytes, and nobody who finishes them. They run on by themselves.
        foreach (var id in await IdsAsync("state = 'finishing' and (finisher is null or finish_until < now())"))
            _ = finisher.FinishAsync(id, cancellationToken);

        // 2. Uploads that nobody went on with.
        foreach (var id in await IdsAsync("state = 'open' and expires_at < now() and kind <> 'plain'"))
        {
            await remains.RemoveAsync(new AssetId(id), cancellationToken);
            await removal.FinishAsync(new AssetId(id), cancellationToken);
            Log.Expired(logger, id);
        }

        // 3. Parts whose time is over, be they joined or not, and the memory of what is done.
        foreach (var id in await IdsAsync("kind = 'part' and state <> 'open' and expires_at < now()")) await remains.RemoveAsync(new AssetId(id), cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from uploads where expires_at < now() and (state in ('complete', 'failed') or kind = 'plain')", cancellationToken: cancellationToken));

        async Task<IEnumerable<Guid>> IdsAsync(string condition) => await connection.QueryAsync<Guid>(new CommandDefinition(
            $"select id from uploads where {condition} order by id limit @Batch", new { Batch }, cancellationToken: cancellationToken));
    }

    protected override void Failed(Exception exception) => Log.SweepFailed(logger, exception);

    private static partial class Log
    {
        [LoggerMessage(3041, LogLevel.Information, "The unfinished upload {Upload} has expired")]
        public static partial void Expired(ILogger logger, Guid upload);

        [LoggerMessage(3042, LogLevel.Warning, "The sweep of uploads failed; it comes again")]
        public static partial void SweepFailed(ILogger logger, Exception exception);
    }
}
