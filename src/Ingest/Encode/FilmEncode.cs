using System.Collections.Immutable;
using Movento.Contracts;
using Movento.Ingest.Encode.Tasks;
using Movento.Ingest.Jobs;
using Movento.Ingest.Ladder;
using Movento.Packager.Tracks;
using Movento.Storage;

namespace Movento.Ingest.Encode;

/// <summary>
/// The encode of one film as its coordinator sees it: tasks are handed out, whoever runs them; what they make is brought here, proven, and told to who
/// wants to show it early.
/// </summary>
internal sealed class FilmEncode(EncodeTaskQueue queue, EncodeTaskChanges changes, IObjectStore store, IngestOptions options, TimeProvider time)
{
    // How often the database is asked about tasks that other processes run; ours are heard of at once.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Encodes a film.</summary>
    /// <param name="job">Whose tasks they are.</param>
    /// <param name="begun">The plan as it is before the ladder is known: its sound and its first rung are encoded at once.</param>
    /// <param name="complete">
    /// Finds the plan with its ladder, begun with the same first rung, from what the samples came to; of a job that has its plan none are taken. Called once the
    /// first pictures can be shown.
    /// </param>
    /// <param name="folder">Where what was made is brought.</param>
    /// <param name="progress">Told how far each rung is.</param>
    /// <param name="growth">Told of every chunk in order, and of sound as it comes.</param>
    /// <param name="onFirstRung">Told of the chunks of the first rung, those that have pictures, once all of them are here and proven.</param>
    /// <param name="cancellationToken">Ends it; the tasks end by themselves once the job is given up.</param>
    /// <exception cref="RejectedException">A task failed, or what it made is not what it should be.</exception>
    public async Task<EncodedFilm> RunAsync(
        IngestJob job, EncodePlan begun, Func<IReadOnlyList<ComplexitySample>, Task<EncodePlan>> complete, string folder, JobProgress progress, IFilmGrowth growth,
        Func<EncodePlan, IReadOnlyList<TrackChunk>, Task> onFirstRung, CancellationToken cancellationToken)
    {
        var signal = changes.Subscribe(job.Asset.Value);
        try
        {
            // :: Step 1, what makes the film playable, and what the ladder is found by
            var samples = job.Plan is null ? EncodeTasks.ToSample(begun, options) : [];
            await queue.AddAsync(job, [.. EncodeTasks.ToMeasure(begun, options), .. EncodeTasks.ToBegin(begun, options), .. samples], cancellationToken);

            // :: Step 2, the rest, once the ladder is known; what is done meanwhile is taken
            var collected = new Collection(new EncodedFilm(begun, folder));
            Task<EncodePlan>? completing = null;
            var isComplete = false;
            while (true)
            {
                var done = collected.Film.Tasks;
                if (EncodeTasks.ToShow(begun, options).Concat(samples.Select(sample => sample.Name)).All(done.ContainsKey))
                    completing ??= complete([.. samples.Select(sample => done[sample.Name].Result!.Sample).OfType<ComplexitySample>()]);
                if (!isComplete && completing is { IsCompleted: true })
                {
                    var plan = await completing;
                    if (plan.Ladder.First != begun.Ladder.First) throw new InvalidOperationException("The first rung depends on the analysis.");
                    collected = collected.With(new EncodedFilm(plan with { Audio = collected.Film.Plan.Audio }, folder));
                    await queue.AddAsync(job, EncodeTasks.ToComplete(plan, options), cancellationToken);
                    isComplete = true;
                }

                var tasks = await queue.StatusAsync(job, collected.Film.Tasks.Keys, cancellationToken);
                foreach (var task in tasks)
                {
                    if (task.State == "failed")
                        throw new RejectedException(task.Reason ?? RejectionReason.EncodeFailed, $"{task.Name}: {task.Error ?? "its workers died."}");
                    await TakeAsync(job, task, collected, folder, growth, cancellationToken);
                }
                if (Measured(collected.Film) is { } measured)
                {
                    collected = collected.With(new EncodedFilm(measured, folder));
                    await queue.AddAsync(job, EncodeTasks.ToBegin(measured, options), cancellationToken);
                    continue;
                }
                await ProveAsync(collected, growth, onFirstRung, isComplete, cancellationToken);
                progress.Encoded(Fractions(collected.Film.Plan, tasks));
                if (isComplete && tasks.All(task => task.IsDone)) return collected.Film;

                // :: Step 3, wait
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var waiting = signal.WaitAsync(Look, time, patience.Token);
                if (isComplete || completing is null) await waiting;
                else await Task.WhenAny(waiting, completing);
                await patience.CancelAsync();
                await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            changes.Unsubscribe(job.Asset.Value);
        }
    }

    // The plan with the gains of the sound that has been measured since; null where there is none.
    private EncodePlan? Measured(EncodedFilm film)
    {
        if (options.LoudnessTarget is not { } target) return null;
        var audio = film.Plan.Audio.Select(output => output.Loudness is null && film.Tasks.TryGetValue(EncodeTasks.MeasureOf(output), out var task)
            ? output with { Loudness = LoudnessGain.For(MeasureOf(task), target) } : output).ToImmutableArray();
        return audio.SequenceEqual(film.Plan.Audio) ? null : film.Plan with { Audio = audio };
    }

    private static LoudnessMeasure MeasureOf(EncodeTaskStatus task) =>
        task.Result!.Loudness ?? throw new RejectedException(RejectionReason.EncodeFailed, $"{task.Name}: ffmpeg did not say how loud the sound is.");

    private async Task TakeAsync(
        IngestJob job, EncodeTaskStatus task, Collection collected, string folder, IFilmGrowth growth, CancellationToken cancellationToken)
    {
        var plan = collected.Film.Plan;
        if (collected.Film.Tasks.ContainsKey(task.Name)) return;
        if (plan.Audio.FirstOrDefault(output => output.Id == task.Name) is { } sound)
        {
            await TakePartsAsync(job, task, collected, sound, growth, cancellationToken);
        }
        else if (task.IsDone)
        {
            foreach (var output in task.Result!.Outputs)
            {
                var key = StorageKey.Work(job.Asset, job.Version, task.Name, task.Attempt, output.Name);
                if (!await store.CopyToFileAsync(key, Path.Combine(folder, output.Name), cancellationToken))
                    throw new ObjectStoreException($"{key} is not in the object store.", isTransient: true);
            }
        }
        if (task.IsDone) collected.Film.Add(task);
    }

    // A new attempt begins anew; the same input gives the same bytes, so what was shown of the one before stays true.
    private async Task TakePartsAsync(
        IngestJob job, EncodeTaskStatus task, Collection collected, AudioOutput sound, IFilmGrowth growth, CancellationToken cancellationToken)
    {
        var path = collected.Film.PathOf(sound);
        var (attempt, taken) = collected.Parts.GetValueOrDefault(task.Name);
        if (attempt != task.Attempt) (attempt, taken) = (task.Attempt, 0);
        if (taken == 0) File.Delete(path);
        var before = taken;
        for (; taken < task.Parts; taken++)
        {
            var key = StorageKey.Work(job.Asset, job.Version, task.Name, task.Attempt, EncodeTaskRunner.PartName(taken));
            await using var part = await store.OpenAsync(key, cancellationToken)
                ?? throw new ObjectStoreException($"{key} is not in the object store.", isTransient: true);
            await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            await part.CopyToAsync(file, cancellationToken);
        }
        collected.Parts[task.Name] = (attempt, taken);
        if (taken > before || task.IsDone) await growth.SoundAsync(sound, path, isWhole: task.IsDone, cancellationToken);
    }

    // Chunk by chunk in order: a chunk is proven once all of its rungs are here, its first rung alone as soon as that is.
    private async Task ProveAsync(
        Collection collected, IFilmGrowth growth, Func<EncodePlan, IReadOnlyList<TrackChunk>, Task> onFirstRung, bool isComplete, CancellationToken cancellationToken)
    {
        var film = collected.Film;
        var plan = film.Plan;
        while (collected.Shown < plan.Chunks.Length && plan.Ladder.First is { } first)
        {
            var chunk = plan.Chunks[collected.Shown];
            if (!film.Tasks.TryGetValue(EncodeTasks.TaskOf(plan, chunk, first), out var task) || chunk.Index >= plan.Ahead && !isComplete) break;
            collected.Shown++;
            if (!task.Result!.Outputs.Any(output => output.Name == Path.GetFileName(film.PathOf(chunk, first)))) continue;
            await ChunkProof.DemandAsync(plan, chunk, [film.PathOf(chunk, first)], options, cancellationToken);
            await growth.PicturesAsync(first, chunk, film.PathOf(chunk, first), cancellationToken);
        }

        if (!isComplete) return;
        if (collected.Shown == plan.Chunks.Length && !collected.IsFirstRungTold && plan.Ladder.First is { } whole)
        {
            collected.IsFirstRungTold = true;
            await onFirstRung(plan, [.. plan.Chunks.Select(chunk => new TrackChunk(film.PathOf(chunk, whole), chunk.Start)).Where(chunk => File.Exists(chunk.Path))]);
        }
        foreach (var chunk in plan.Chunks.Where(chunk => !collected.Proven.Contains(chunk.Index)))
        {
            var made = plan.Encoded.Select(rung => film.Tasks.GetValueOrDefault(EncodeTasks.TaskOf(plan, chunk, rung))).ToList();
            if (made.Contains(null)) continue;
            collected.Proven.Add(chunk.Index);
            var files = plan.Encoded.Select(rung => film.PathOf(chunk, rung)).ToList();
            // A stretch after the film's last frame has none; whether that is right is for the whole film to say.
            if (files.TrueForAll(file => !File.Exists(file))) continue;
            if (files.Find(file => !File.Exists(file)) is { } missing)
                throw new RejectedException(RejectionReason.EncodeFailed, $"{Path.GetFileName(missing)} was not made.");
            film.Add(chunk, await ChunkProof.DemandAsync(plan, chunk, files, options, cancellationToken));
        }
    }

    // Every rung by the length of what is encoded of it.
    private static Dictionary<string, double> Fractions(EncodePlan plan, IReadOnlyList<EncodeTaskStatus> tasks)
    {
        var progress = tasks.ToDictionary(task => task.Name, task => (double)task.Progress);
        var end = plan.Facts.Duration;
        var lengths = plan.Chunks.ToDictionary(chunk => chunk.Index, chunk => Math.Max(0.1, ((chunk.End ?? end) - chunk.Start).TotalSeconds));
        var all = lengths.Values.Sum();
        return plan.Ladder.Rungs.ToDictionary(
            rung => rung.Id,
            rung => plan.Chunks.Sum(chunk => lengths[chunk.Index] * progress.GetValueOrDefault(EncodeTasks.TaskOf(plan, chunk, rung))) / Math.Max(all, 0.1));
    }

    private sealed record Collection(EncodedFilm Film)
    {
        // By task: the attempt, and how many of its parts are here.
        public Dictionary<string, (int Attempt, int Taken)> Parts { get; private init; } = [];

        // Chunks of which the first rung has been shown.
        public int Shown { get; set; }

        public bool IsFirstRungTold { get; set; }

        public HashSet<int> Proven { get; private init; } = [];

        public Collection With(EncodedFilm film)
        {
            foreach (var task in Film.Tasks.Values) film.Add(task);
            foreach (var (chunk, frames) in Film.Frames) film.Add(film.Plan.Chunks[chunk], frames);
            return new Collection(film) { Parts = Parts, Shown = Shown, IsFirstRungTold = IsFirstRungTold, Proven = Proven };
        }
    }
}
