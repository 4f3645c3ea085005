using System.Security.Cryptography;
using Movento.Contracts;
using Movento.Ingest.Chapters;
using Movento.Ingest.Encode;
using Movento.Ingest.Encode.Tasks;
using Movento.Ingest.Growing;
using Movento.Ingest.Jobs;
using Movento.Ingest.Ladder;
using Movento.Ingest.Pictures;
using Movento.Ingest.Pictures.Posters;
using Movento.Ingest.Probe;
using Movento.Ingest.Publish;
using Movento.Ingest.Subtitles;
using Movento.Ingest.Subtitles.Sidecars;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;
using Movento.Storage;

namespace Movento.Ingest;

/// <summary>The way of one film from its upload to its publication, as its coordinator goes it.</summary>
internal sealed class Pipeline(
    IObjectStore store, MediaProbe probe, PacketScan scan, PassThroughStep passing, FilmEncode encode, EncodeProof proof,
    EncodeTaskQueue tasks, FilmGrowth growth, PlayableAnnouncement playable, AccompanimentStep accompaniments, Poster posters, PictureStep pictures,
    SubtitleStep subtitles, SidecarStep sidecars, PosterStep teamPosters, PackageStep packaging, ConformanceGate gate, Publication publication, JobQueue queue,
    IngestOptions options, IngestMetrics metrics, TimeProvider time)
{
    // Read whole, hashed and copied within seconds. Of what is larger, chunks begin where they fall, so that no worker waits.
    private const long MostReadFirst = 1L << 30;

    /// <summary>
    /// 1. Fetch: the source into the job's folder. 2. Probe: facts from its head, or a rejection. From here on the whole source is read beside everything
    /// else: its hash, and every packet's time. 3. Ladder: rungs. 4. Encode: chunks and tracks of sound as tasks of all workers, the first rung's first ones
    /// while the ladder is still being found from samples; each chunk is proven. 5. Package: CMAF files, the proof that no frame is missing, pictures and subtitles, and
    /// the conformance gate: every manifest that an edge will render, and the bytes behind it, read back like a stranger. 6. Publish: objects,
    /// presentation.json last; then the asset's row with its announcement.
    /// </summary>
    /// <exception cref="RejectedException">The verdict that it cannot be published.</exception>
    /// <exception cref="OperationCanceledException">The job was taken away, or the process stops.</exception>
    public async Task RunAsync(IngestJob job, string folder, JobProgress progress, CancellationToken cancellationToken)
    {
        var stages = new StageClock(progress, metrics, time);

        // :: Step 1, fetch
        stages.Begin(Stage.Probe);
        await FetchAsync(job, folder, cancellationToken);

        // :: Step 2, probe
        var facts = job.Plan?.Facts ?? await probe.ProbeAsync(folder, EncodePlan.SourceName, cancellationToken);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadSourceAsync(job, facts, folder, giveUp.Token);
        var working = WorkAsync(job, facts, reading, folder, stages, giveUp.Token);
        // What fails first ends the other: a source that is cut off is not encoded to its end.
        await Task.WhenAny(reading, working);
        // A verdict on the bytes says more than an encoder's failure over them: it is waited for.
        if (working.Exception?.InnerException is RejectedException) await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (reading.IsFaulted || working.IsFaulted) await giveUp.CancelAsync();
        try
        {
            if (reading.IsFaulted) await reading;
            await working;
        }
        finally
        {
            await giveUp.CancelAsync();
            await Task.WhenAll(reading, working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends a job with a verdict. The source stays only where a later version of ours might do better with it.</summary>
    /// <returns>False: the job is not ours any more.</returns>
    public async Task<bool> RejectAsync(IngestJob job, Rejection rejection, JobProgress progress, CancellationToken cancellationToken)
    {
        if (!await queue.RejectAsync(job, rejection, progress, cancellationToken)) return false;
        await playable.WithdrawAsync(job, CancellationToken.None);
        await tasks.RemoveAsync(job.Asset, CancellationToken.None);
        await store.DeleteAsync(StorageKey.Upload(job.Asset), CancellationToken.None);
        await publication.RemoveLeftoversAsync(job.Asset, job.PublishedVersion, CancellationToken.None);
        return true;
    }

    private async Task WorkAsync(
        IngestJob job, MediaFacts facts, Task<PacketTable> reading, string folder, StageClock stages, CancellationToken cancellationToken)
    {
        var progress = stages.Progress;
        // What attempts before this one left; those of a version that goes on are its own.
        if (job.Plan is null) await publication.RemoveLeftoversAsync(job.Asset, job.PublishedVersion, cancellationToken);

        // :: Step 3, ladder
        stages.Begin(Stage.Ladder);
        progress.Note(facts.Notes);
        var begun = job.Plan ?? EncodePlan.Begin(facts, LadderRules.For(facts.Video, options), AudioOutputs.For(facts.Audio, options), options);
        // Once for a version. Of a plan that is kept it is decided already, unless a version of ours kept it that did so only when it packaged.
        if (begun.Protection is null) begun = begun with { Protection = VersionProtection.For(facts.Duration, options) };
        progress.Plan(facts.Duration, begun.Ladder.Rungs);

        // :: Step 4, encode
        stages.Begin(Stage.Encode);
        await using var shown = await growth.BeginAsync(job, begun, cancellationToken);
        await using var accompanying = new Accompanying(accompaniments, folder, cancellationToken);
        var film = await encode.RunAsync(
            job, begun, samples => CompletePlanAsync(job, begun, samples, reading, folder, progress, cancellationToken), folder, progress, shown, accompanying.BeginAsync, cancellationToken);
        var plan = film.Plan;

        // :: Step 5, package
        stages.Begin(Stage.Package);
        var packets = await reading;
        var decodedFrames = await proof.DemandFramesAsync(film, packets, folder, cancellationToken);
        var outputs = await packaging.PackageAsync(
            job.Asset, film, folder, PictureRungs(plan), shown.CompositionDelayOf,
            fraction => progress.Report(fraction / 2), cancellationToken);
        EncodeProof.DemandRenditions(film, [.. outputs.Select(output => output.Rendition)]);
        var packaged = await CompleteAsync(job, plan, outputs, await accompanying.EndAsync(plan), folder, cancellationToken);
        progress.Note(packaged.Notes);
        progress.Report(0.9);
        await gate.DemandAsync(job.Asset, packaged, cancellationToken);

        // :: Step 6, publish
        stages.Begin(Stage.Publish);
        var presentation = await publication.StoreAsync(job, film, decodedFrames, packaged, stages.Seconds, folder, progress.Report, cancellationToken);
        var highest = presentation.Video.LastOrDefault()?.Video;
        var published = new AssetPublished(
            job.Asset.Value, job.Owner, job.Title, job.Version, presentation.Duration.TotalSeconds, highest?.Width ?? 0, highest?.Height ?? 0,
            packaged.Poster is not null, time.GetUtcNow());
        if (!await queue.PublishAsync(job, published, progress, cancellationToken)) throw new OperationCanceledException("The job is not ours any more.");
        stages.End();
        await tasks.RemoveAsync(job.Asset, CancellationToken.None);
        await publication.RemoveWorkAsync(job.Asset, CancellationToken.None);
        // What is left in quarantine is only a second copy by now.
        await store.DeleteAsync(StorageKey.Upload(job.Asset), CancellationToken.None);
    }

    private async Task<EncodePlan> CompletePlanAsync(
        IngestJob job, EncodePlan begun, IReadOnlyList<ComplexitySample> samples, Task<PacketTable> reading, string folder, JobProgress progress,
        CancellationToken cancellationToken)
    {
        if (job.Plan is not null)
        {
            if (begun.PassedThrough is not null) await passing.AgainAsync(begun, await reading, folder, cancellationToken);
            return begun;
        }
        var measured = ComplexityProbe.For(begun.Facts, options)?.Measure(samples);
        var plan = begun with { Ladder = LadderRules.For(begun.Facts.Video, measured, options) };
        // By the size, not by what is read already: the same film is cut in the same way each time.
        if (job.Bytes <= MostReadFirst) plan = plan.CutBy(await reading, options);
        if (PassThroughStep.MayFit(plan, job.Bytes)) plan = await passing.TryAsync(plan, await reading, folder, cancellationToken);
        if (begun.Facts.Video is { } video)
            plan = plan with { Runs = EncodeRun.For(video, plan.Ladder with { Rungs = plan.Encoded }, plan.IsCut, options.Encodes, options) };
        if (!await queue.KeepPlanAsync(job, plan, cancellationToken)) throw new OperationCanceledException("The job is not ours any more.");
        progress.Plan(plan.Facts.Duration, plan.Ladder.Rungs);
        return plan;
    }

    // The whole source, once for its hash and once for its packets, and out of quarantine: it is media, and re-encodes will want it.
    private async Task<PacketTable> ReadSourceAsync(IngestJob job, MediaFacts facts, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, EncodePlan.SourceName);
        await using (var file = File.OpenRead(path))
        {
            var sha256 = await SHA256.HashDataAsync(file, cancellationToken);
            if (!sha256.AsSpan().SequenceEqual(job.Sha256))
                throw new ObjectStoreException($"The object store gave other bytes for the source of {job.Asset} than it was given.", isTransient: true);
        }
        await store.PutFileAsync(StorageKey.Source(job.Asset), path, "application/octet-stream", cancellationToken);
        return await scan.ScanAsync(folder, EncodePlan.SourceName, facts.Video?.Stream ?? facts.Audio[0].Stream, cancellationToken);
    }

    // What a film may lack: subtitles and pictures, as long as the pictures and the sound that were proven.
    private async Task<PackagedFilm> CompleteAsync(
        IngestJob job, EncodePlan plan, IReadOnlyList<PackagedOutput> outputs, Accompaniment made, string folder, CancellationToken cancellationToken)
    {
        List<SourceNote> notes = [.. plan.Facts.Notes, .. plan.Ladder.Notes.Select(SourceNote.LeftRung), .. made.Notes];
        var duration = outputs.Max(output => output.Rendition.Duration);
        var filmPoster = made.Poster;
        foreach (var rung in PictureRungs(plan)) filmPoster = await posters.MakeAsync(plan, EncodePlan.FileName(rung.Id), folder, cancellationToken);
        List<PackagedOutput> all = [.. outputs];
        foreach (var sound in made.Sound)
        {
            var encoded = outputs.Single(output => output.Rendition.Id == SoundPassThrough.BesideOf(sound)).Rendition;
            if (await packaging.PackagePassedAsync(job.Asset, plan, sound, encoded, folder, cancellationToken) is { } passed) all.Add(passed);
            else notes.Add(SourceNote.SoundNotPassed(sound.Track.Stream, sound.Codec));
        }
        all.AddRange(await subtitles.PackageAsync(made.Subtitles, duration, folder, notes, cancellationToken));
        var names = all.Where(output => output.Rendition.Kind == TrackKind.Text).Select(output => output.Rendition.Name);
        all.AddRange(await sidecars.PackageAsync(job.Asset, job.Version, duration, names, folder, notes, cancellationToken));
        // After the sidecars were counted: one that comes meanwhile is looked at again.
        var teamPoster = await teamPosters.MakeAsync(job.Asset, job.Version, folder, notes, cancellationToken);
        PackagedThumbnails? thumbnails = null;
        if (made.Pictures is { } picturePlan)
        {
            (var stills, thumbnails) = await pictures.PackageAsync(picturePlan, duration, folder, cancellationToken);
            if (stills is not null) all.Add(stills);
        }
        return new PackagedFilm(
            all, thumbnails, teamPoster ?? filmPoster, notes, Chapters(plan, duration), teamPoster is null ? null : filmPoster);
    }

    // While the film grew, they were those of the duration that the probe knew; dates in a playlist may not change.
    private static IReadOnlyList<Chapter> Chapters(EncodePlan plan, TimeSpan duration) =>
        ChapterPlan.For(plan.Facts.Chapters, plan.Facts.Duration > TimeSpan.Zero ? plan.Facts.Duration : duration);

    // Poster and thumbnails are made of rungs, not of the source: upright, square pixels, standard range, and not untrusted. The first one, unless it is too
    // narrow for a poster, as where pictures stand upright.
    private static IReadOnlyCollection<Rung> PictureRungs(EncodePlan plan) =>
        plan.Ladder.First is { } first && Poster.RungOf(plan.Ladder) is var rung && rung != first ? [rung] : [];

    private async Task FetchAsync(IngestJob job, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, EncodePlan.SourceName);
        // An attempt before this one may have brought it out of quarantine already.
        if (!await store.CopyToFileAsync(StorageKey.Upload(job.Asset), path, cancellationToken)
            && !await store.CopyToFileAsync(StorageKey.Source(job.Asset), path, cancellationToken))
            throw new ObjectStoreException($"The source of {job.Asset} is not in the object store.", isTransient: true);
    }

    // What goes with the film, made beside the encode from when its first rung is whole; ended with it, however that ends.
    private sealed class Accompanying(AccompanimentStep step, string folder, CancellationToken cancellationToken) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        private Task<Accompaniment>? _making;

        public async Task BeginAsync(EncodePlan plan, IReadOnlyList<TrackChunk> chunks) => _making = await step.BeginAsync(plan, chunks, folder, _stop.Token);

        public async Task<Accompaniment> EndAsync(EncodePlan plan)
        {
            // A film without pictures.
            if (_making is null) await BeginAsync(plan, []);
            return await _making!;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            if (_making is not null) await ((Task)_making).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}
