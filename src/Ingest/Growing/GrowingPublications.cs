using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Ingest.Jobs;
using Movento.Packager;
using Movento.Packager.Presentations;
using Movento.Storage;

namespace Movento.Ingest.Growing;

/// <summary>Begins to give out films that are still made, or goes on with what another process began.</summary>
internal sealed partial class GrowingPublications(
    IObjectStore store, PlayableAnnouncement announcement, TimeProvider time, ILogger<GrowingPublication> logger)
{
    // growing.json of ten hours in two-second segments and a dozen renditions.
    private const int MaxSize = 16 << 20;

    /// <summary>A film of a job; where growing.json of its version is there already and fits the plan, it goes on from there.</summary>
    public async Task<GrowingPublication> BeginAsync(IngestJob job, GrowingPlan plan, CancellationToken cancellationToken)
    {
        var resumed = await ReadAsync(job, plan, cancellationToken);
        return new GrowingPublication(job, plan, resumed, store, announcement, time, logger);
    }

    private async Task<GrowingPresentation?> ReadAsync(IngestJob job, GrowingPlan plan, CancellationToken cancellationToken)
    {
        var key = StorageKey.Growing(job.Asset, job.Version);
        if (await store.HeadAsync(key, cancellationToken) is not { Length: <= MaxSize } found) return null;
        var bytes = new byte[found.Length];
        if (await store.ReadAsync(key, 0, bytes, cancellationToken) < bytes.Length) return null;
        try
        {
            var growing = GrowingPresentationJson.Read(bytes);
            if (growing.Renditions.Select(grown => (grown.Rendition.Id, grown.Rendition.Encryption?.Periods[0].KeyId))
                .SequenceEqual(plan.Renditions.Select(settings => (settings.Id, settings.Encryption?.Keys[0].Id)))) return growing;
        }
        catch (MediaFormatException exception)
        {
            Log.NotRead(logger, exception, job.Asset.ToString());
        }

        // Another plan: whoever plays it has to begin anew.
        await store.DeleteAsync(key, cancellationToken);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(3911, LogLevel.Warning, "growing.json of {Asset} cannot be read; it is begun anew")]
        public static partial void NotRead(ILogger logger, Exception exception, string asset);
    }
}
