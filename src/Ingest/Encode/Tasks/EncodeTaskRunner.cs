using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Movento.Contracts;
using Movento.Ingest.Ladder;
using Movento.Ingest.Tools;
using Movento.Storage;

namespace Movento.Ingest.Encode.Tasks;

/// <summary>Runs one attempt at a task: ffmpeg, and its files into the object store.</summary>
internal sealed class EncodeTaskRunner(FilmFolders folders, IObjectStore store, DecodingRun decoding, SampleRun sampling, TimeProvider time)
{
    // A viewer waits for the first part; more often would only store more of them.
    private static readonly TimeSpan PartPace = TimeSpan.FromMilliseconds(500);

    // An attempt that lost its lease may still be tidying when another slot of this process has claimed the task anew.
    private readonly ConcurrentDictionary<(AssetId, int, string), SemaphoreSlim> _turns = new();

    /// <summary>Runs it, and stores what it made under the attempt's own keys.</summary>
    /// <param name="task">The attempt.</param>
    /// <param name="progress">Told how far it is, and how many parts are stored.</param>
    /// <param name="cancellationToken">Kills ffmpeg with everything that it started.</param>
    /// <exception cref="RejectedException">ffmpeg could not, or not in time: the film's fault, as far as one can tell.</exception>
    /// <exception cref="ToolKilledException">A signal ended ffmpeg.</exception>
    public async Task<EncodeTaskResult> RunAsync(EncodeTask task, EncodeTaskProgress progress, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd((task.Asset, task.Version, task.Spec.Name), _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            using var folder = await folders.LeaseAsync(task.Asset, cancellationToken);
            try
            {
                return await RunAsync(task, folder.Path, progress, cancellationToken);
            }
            finally
            {
                foreach (var output in task.Spec.Outputs) File.Delete(Path.Combine(folder.Path, output));
            }
        }
        finally
        {
            turn.Release();
            _turns.TryRemove((task.Asset, task.Version, task.Spec.Name), out _);
        }
    }

    /// <summary>Removes what an attempt has stored: it was not wanted any more.</summary>
    public Task RemoveAsync(EncodeTask task) =>
        store.DeleteAllAsync(StorageKey.Work(task.Asset, task.Version, task.Spec.Name, task.Attempt, ""), CancellationToken.None);

    /// <summary>The name of a part of a streamed output, from 0.</summary>
    public static string PartName(int part) => part.ToString("D6", CultureInfo.InvariantCulture);

    private async Task<EncodeTaskResult> RunAsync(EncodeTask task, string folder, EncodeTaskProgress progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        double Seconds() => Math.Round(time.GetElapsedTime(started).TotalSeconds, 3);
        if (task.Spec.SampledWays > 0)
        {
            var sample = await sampling.RunAsync(task.Spec.Arguments, task.Spec.SampledWays, folder, cancellationToken);
            return new EncodeTaskResult([], DecodedFrames: null, Seconds(), Sample: sample);
        }
        var tally = new DecodeTally();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var told = new FfmpegProgress(TimeSpan.FromSeconds(task.Spec.Length), fraction => progress.Fraction = fraction);
        var encoding = EncodeAsync(task.Spec, folder, tally, told, stop.Token);
        if (task.Spec.IsStreamed)
        {
            try
            {
                await ShipPartsAsync(task, folder, encoding, progress, cancellationToken);
            }
            catch
            {
                await stop.CancelAsync();
                await ((Task)encoding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
        }
        var decoded = await encoding;

        // A chunk past the film's last frame has a file without a track: the film's table of packets says whether that is right.
        var made = told.Frames == 0 ? [] : task.Spec.Outputs.Where(name => File.Exists(Path.Combine(folder, name))).ToList();
        // At the same time: most of it is waiting for the disk, and the next chunk waits for this one.
        var outputs = await Task.WhenAll(made.Select(async name =>
        {
            var path = Path.Combine(folder, name);
            var hash = await HashAsync(path, cancellationToken);
            var length = new FileInfo(path).Length;
            if (!task.Spec.IsStreamed)
                await store.PutFileAsync(KeyOf(task, name), path, "video/mp4", cancellationToken);
            return new EncodeTaskOutput(name, length, hash, tally.SsimOf(task.Spec.Outputs.IndexOf(name), task.Spec.Outputs.Length));
        }));
        return new EncodeTaskResult([.. outputs], decoded, Seconds(), tally.Loudness.Measure);
    }

    private async Task<long?> EncodeAsync(
        EncodeTaskSpec spec, string folder, DecodeTally tally, FfmpegProgress told, CancellationToken cancellationToken)
    {
        await decoding.RunAsync(spec.Arguments, folder, TimeSpan.FromSeconds(spec.Length), tally, told.Take, cancellationToken);
        if (tally.Damage.TooManyPixels) throw new RejectedException(RejectionReason.TooManyPixels, tally.Damage.First!);
        if (tally.Damage.IsCutOff) throw new RejectedException(RejectionReason.Truncated, tally.Damage.First!);
        if (spec.VideoStream is not { } stream)
        {
            SoundProof.Demand(tally);
            return null;
        }
        return tally.Decoded(stream) ?? throw new RejectedException(RejectionReason.EncodeFailed, "ffmpeg did not say how many frames it decoded.");
    }

    private async Task ShipPartsAsync(
        EncodeTask task, string folder, Task encoding, EncodeTaskProgress progress, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, task.Spec.Outputs[0]);
        var growing = new GrowingFile(path);
        var shipped = 0L;
        while (true)
        {
            var isEnded = encoding.IsCompleted;
            if (isEnded && !encoding.IsCompletedSuccessfully) return;
            growing.Look(isEnded);
            if (growing.Whole > shipped)
            {
                using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.Asynchronous);
                await using var part = new FileStretchStream(file, shipped, growing.Whole - shipped);
                await store.PutAsync(KeyOf(task, PartName(progress.Parts)), part, "audio/mp4", cancellationToken);
                shipped = growing.Whole;
                progress.Add();
            }
            if (isEnded) return;
            await Task.WhenAny(encoding, Task.Delay(PartPace, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static string KeyOf(EncodeTask task, string name) => StorageKey.Work(task.Asset, task.Version, task.Spec.Name, task.Attempt, name);

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }
}
