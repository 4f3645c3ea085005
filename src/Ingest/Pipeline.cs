using System.Security.Cryptography;
using Movento.Contracts;
using Movento.Ingest.Encode;
using Movento.Ingest.Jobs;
using Movento.Ingest.Ladder;
using Movento.Ingest.Pictures;
using Movento.Ingest.Probe;
using Movento.Ingest.Publish;
using Movento.Ingest.Subtitles;
using Movento.Storage;

namespace Movento.Ingest;

/// <summary>The way of one film from its upload to its publication.</summary>
internal sealed class Pipeline(
    IObjectStore store, MediaProbe probe, PacketScan scan, Encoder encoder, Poster posters, PictureStep pictures, SubtitleStep subtitles, PackageStep packaging,
    ConformanceGate gate, Publication publication, JobQueue queue,
    IngestOptions options, IngestMetrics metrics, TimeProvider time)
{
    /// <summary>
    /// 1. Fetch: the source into the job's folder, its hash checked. 2. Probe: facts, or a rejection. 3. Ladder: rungs.
    /// 4. Encode: one decode, every rung and every audio track; then small pictures of a rung, and the subtitles' text. 5. Package: CMAF files,
    /// the proof that nothing is missing, and the conformance gate: every manifest that an edge will render, and the bytes behind it, read back like
    /// a stranger. 6. Publish: objects, presentation.json last; then the asset's row with its announcement.
    /// </summary>
    /// <exception cref="RejectedException">The verdict that it cannot be published.</exception>
    /// <exception cref="OperationCanceledException">The job was taken away, or the process stops.</exception>
    public async Task RunAsync(IngestJob job, string folder, JobProgress progress, CancellationToken cancellationToken)
    {
        // :: Step 1, fetch
        var started = Begin(Stage.Probe, progress);
        await FetchAsync(job, Path.Combine(folder, EncodePlan.SourceName), progress, cancellationToken);

        // :: Step 2, probe
        var facts = await probe.ProbeAsync(folder, EncodePlan.SourceName, cancellationToken);
        await scan.ScanAsync(folder, EncodePlan.SourceName, facts.Video?.Stream ?? facts.Audio[0].Stream, cancellationToken);
        // Out of quarantine: it is media, and re-encodes will want it.
        await store.PutFileAsync(
            StorageKey.Source(job.Asset), Path.Combine(folder, EncodePlan.SourceName), "application/octet-stream", cancellationToken);
        End(Stage.Probe, started);

        // :: Step 3, ladder
        started = Begin(Stage.Ladder, progress);
        var ladder = LadderRules.For(facts.Video, options);
        progress.Plan(facts.Duration, ladder.Rungs);
        End(Stage.Ladder, started);

        // :: Step 4, encode
        started = Begin(Stage.Encode, progress);
        var plan = EncodePlan.For(facts, ladder, options);
        var decodedFrames = await encoder.EncodeAsync(plan, folder, progress.Report, cancellationToken);
        var notes = new List<string>([.. facts.Notes, .. ladder.Notes]);
        var making = posters.MakeAsync(plan, folder, cancellationToken);
        var picturing = pictures.MakeAsync(plan, folder, cancellationToken);
        var extracting = subtitles.ExtractAsync(facts, folder, notes, cancellationToken);
        await Task.WhenAll(making, picturing, extracting);
        End(Stage.Encode, started);

        // :: Step 5, package
        started = Begin(Stage.Package, progress);
        var outputs = await packaging.PackageAsync(job.Asset, plan, folder, progress.Report, cancellationToken);
        EncodeProof.Demand(plan, decodedFrames, [.. outputs.Select(output => output.Rendition)]);
        var film = await CompleteAsync(outputs, await making, await picturing, await extracting, notes, folder, cancellationToken);
        await gate.DemandAsync(job.Asset, film, cancellationToken);
        End(Stage.Package, started);

        // :: Step 6, publish
        started = Begin(Stage.Publish, progress);
        await publication.RemoveLeftoversAsync(job.Asset, keptVersion: null, cancellationToken);
        var presentation = await publication.StoreAsync(
            job, plan, decodedFrames, film, folder, progress.Report, cancellationToken);
        var highest = presentation.Video.LastOrDefault()?.Video;
        var published = new AssetPublished(
            job.Asset.Value, job.Owner, job.Title, job.Version, presentation.Duration.TotalSeconds, highest?.Width ?? 0, highest?.Height ?? 0,
            film.Poster is not null, time.GetUtcNow());
        if (!await queue.PublishAsync(job, published, progress, cancellationToken)) throw new OperationCanceledException("The job is not ours any more.");
        End(Stage.Publish, started);
        // What is left in quarantine is only a second copy by now.
        await store.DeleteAsync(StorageKey.Upload(job.Asset), CancellationToken.None);
    }

    /// <summary>Ends a job with a verdict. The source stays only where a later version of ours might do better with it.</summary>
    /// <returns>False: the job is not ours any more.</returns>
    public async Task<bool> RejectAsync(IngestJob job, Rejection rejection, JobProgress progress, CancellationToken cancellationToken)
    {
        if (!await queue.RejectAsync(job, rejection, progress, cancellationToken)) return false;
        await store.DeleteAsync(StorageKey.Upload(job.Asset), CancellationToken.None);
        await publication.RemoveLeftoversAsync(job.Asset, keptVersion: null, CancellationToken.None);
        return true;
    }

    // What a film may lack: subtitles and pictures, as long as the pictures and the sound that were proven.
    private async Task<PackagedFilm> CompleteAsync(
        IReadOnlyList<PackagedOutput> outputs, string? poster, PicturePlan? picturePlan, IReadOnlyList<SubtitleOutput> texts, List<string> notes,
        string folder, CancellationToken cancellationToken)
    {
        var duration = outputs.Max(output => output.Rendition.Duration);
        List<PackagedOutput> all = [.. outputs, .. await subtitles.PackageAsync(texts, duration, folder, notes, cancellationToken)];
        PackagedThumbnails? thumbnails = null;
        if (picturePlan is not null)
        {
            (var stills, thumbnails) = await pictures.PackageAsync(picturePlan, duration, folder, cancellationToken);
            if (stills is not null) all.Add(stills);
        }
        return new PackagedFilm(all, thumbnails, poster, notes);
    }

    private async Task FetchAsync(IngestJob job, string path, JobProgress progress, CancellationToken cancellationToken)
    {
        // An attempt before this one may have brought it out of quarantine already.
        if (!await store.CopyToFileAsync(StorageKey.Upload(job.Asset), path, cancellationToken)
            && !await store.CopyToFileAsync(StorageKey.Source(job.Asset), path, cancellationToken))
            throw new ObjectStoreException($"The source of {job.Asset} is not in the object store.", isTransient: true);

        await using var file = File.OpenRead(path);
        var sha256 = await SHA256.HashDataAsync(file, cancellationToken);
        if (!sha256.AsSpan().SequenceEqual(job.Sha256))
            throw new ObjectStoreException($"The object store gave other bytes for the source of {job.Asset} than it was given.", isTransient: true);
        progress.Report(0.5);
    }

    private long Begin(string stage, JobProgress progress)
    {
        progress.Begin(stage);
        return time.GetTimestamp();
    }

    private void End(string stage, long started) => metrics.StageEnded(stage, time.GetElapsedTime(started));
}
