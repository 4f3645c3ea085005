using System.Buffers;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Movento.Contracts;
using Movento.Ingest.Assets;
using Movento.Ingest.Encode;
using Movento.Ingest.Encode.Tasks;
using Movento.Ingest.Jobs;
using Movento.Ingest.Tools;
using Movento.Packager.Presentations;
using Movento.Storage;

namespace Movento.Ingest.Publish;

/// <summary>Brings a proven version into the object store: the renditions, texts and pictures, the receipt, and presentation.json last.</summary>
internal sealed class Publication(IObjectStore store, ToolVersions versions, Leftovers leftovers, IngestOptions options)
{
    private const int AtATime = 4;

    /// <summary>Stores everything under the job's version, which nobody else writes.</summary>
    public async Task<Presentation> StoreAsync(
        IngestJob job, EncodedFilm encoded, long? decodedFrames, PackagedFilm film, IReadOnlyDictionary<string, double> stageSeconds, string folder,
        Action<double> onProgress, CancellationToken cancellationToken)
    {
        var ffmpeg = await versions.FfmpegAsync(folder, cancellationToken);
        var prefix = StorageKey.VersionPrefix(job.Asset, job.Version);
        var files = film.Files;
        var written = new ReceiptOutput[files.Count];
        var done = 0;
        // 1. The hashes, from the local files: what the store must give back; and the media. Several at a time: most of it is waiting for the disk.
        await Parallel.ForAsync(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (index, stop) =>
        {
            written[index] = await HashAsync(files[index], stop);
            await PutFileAsync(prefix, files[index], stop);
            onProgress((double)Interlocked.Increment(ref done) / (files.Count + 1));
        });

        // 2. The receipt.
        var receipt = new Receipt(
            job.Asset.ToString(), job.Version, new ReceiptSource(job.Bytes, Convert.ToHexStringLower(job.Sha256)),
            new ReceiptTools(ffmpeg, OwnVersion), decodedFrames, [.. RungsOf(encoded, film)], [.. TasksOf(encoded)], stageSeconds, written, ReceiptLoudness.Of(encoded.Plan.Audio), film.Notes);
        await PutAsync(StorageKey.Receipt(job.Asset, job.Version),
            JsonSerializer.SerializeToUtf8Bytes(receipt, ReceiptJson.Default.Receipt), cancellationToken);

        // 3. The presentation: its presence says that the version is whole.
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, film.Presentation);
        await PutAsync(StorageKey.Presentation(job.Asset, job.Version), json.WrittenSpan.ToArray(), cancellationToken);
        return film.Presentation;
    }

    /// <summary>Removes what attempts left that did not end; what plays, and what may still be playing, stays.</summary>
    public Task RemoveLeftoversAsync(AssetId asset, int? keptVersion, CancellationToken cancellationToken) =>
        leftovers.RemoveAsync(asset, keptVersion, cancellationToken);

    /// <summary>Removes what was only made on the way.</summary>
    public Task RemoveWorkAsync(AssetId asset, CancellationToken cancellationToken) => store.DeleteAllAsync(StorageKey.WorkPrefix(asset), cancellationToken);

    private async Task PutFileAsync(string prefix, PackagedFile file, CancellationToken cancellationToken)
    {
        var length = new FileInfo(file.Path).Length;
        var stored = await store.PutFileAsync(prefix + file.Name, file.Path, file.ContentType, cancellationToken);
        if (stored.Length != length) throw new ObjectStoreException($"{prefix}{file.Name} was stored with {stored.Length} bytes of {length}.", isTransient: true);
    }

    private async Task PutAsync(string key, byte[] json, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(json, writable: false);
        await store.PutAsync(key, content, "application/json", cancellationToken);
    }

    private IEnumerable<ReceiptTask> TasksOf(EncodedFilm encoded)
    {
        IEnumerable<EncodeTaskSpec> specs =
        [
            // A coordinator that went on with another's plan has not seen the samples.
            .. EncodeTasks.ToSample(encoded.Plan, options).Where(sample => encoded.Tasks.ContainsKey(sample.Name)),
            .. EncodeTasks.ToMeasure(encoded.Plan, options), .. EncodeTasks.ToBegin(encoded.Plan, options), .. EncodeTasks.ToComplete(encoded.Plan, options),
        ];
        foreach (var spec in specs)
        {
            var task = encoded.Tasks[spec.Name];
            yield return new ReceiptTask(spec.Name, spec.Arguments, task.Attempt, task.Result!.Seconds, task.Result.DecodedFrames, task.Result.Outputs);
        }
    }

    private static IEnumerable<ReceiptRung> RungsOf(EncodedFilm encoded, PackagedFilm film)
    {
        foreach (var rung in encoded.Plan.Ladder.Rungs)
        {
            var rendition = film.Outputs.Single(output => output.Rendition.Id == rung.Id).Rendition;
            yield return new ReceiptRung(
                rung.Id, rendition.Codecs, rung.Width, rung.Height, rung.ConstantRateFactor, rung.PeakBitrate, rendition.AverageBitrate, rendition.PeakBitrate,
                encoded.SsimOf(rung), rung.Id == encoded.Plan.PassedThrough);
        }
    }

    private static async Task<ReceiptOutput> HashAsync(PackagedFile file, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file.Path);
        return new ReceiptOutput(file.Name, content.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)), file.Samples);
    }

    private static string OwnVersion { get; } =
        typeof(Publication).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
