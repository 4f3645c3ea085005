using System.Buffers;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Movento.Contracts;
using Movento.Ingest.Encode;
using Movento.Ingest.Jobs;
using Movento.Ingest.Tools;
using Movento.Packager.Presentations;
using Movento.Storage;

namespace Movento.Ingest.Publish;

/// <summary>Brings a proven version into the object store: the renditions, the poster, the receipt, and presentation.json last.</summary>
internal sealed class Publication(IObjectStore store, ToolVersions versions)
{
    /// <summary>Stores everything under the job's version, which nobody else writes.</summary>
    public async Task<Presentation> StoreAsync(
        IngestJob job, EncodePlan plan, long? decodedFrames, IReadOnlyList<PackagedOutput> outputs, string? poster, string folder,
        Action<double> onProgress, CancellationToken cancellationToken)
    {
        // 1. The hashes, from the local files: what the store must give back.
        var ffmpeg = await versions.FfmpegAsync(folder, cancellationToken);
        var written = new List<ReceiptOutput>();
        foreach (var output in outputs)
            written.Add(await HashAsync(output.Path, $"{output.Rendition.Id}.mp4", output.Rendition.SampleCount, cancellationToken));
        if (poster is not null) written.Add(await HashAsync(poster, "poster.jpg", null, cancellationToken));

        // 2. The media.
        for (var i = 0; i < outputs.Count; i++)
        {
            var rendition = outputs[i].Rendition;
            await PutFileAsync(StorageKey.Rendition(job.Asset, job.Version, rendition.Id), outputs[i].Path,
                rendition.Kind == TrackKind.Video ? "video/mp4" : "audio/mp4", cancellationToken);
            onProgress((double)(i + 1) / (outputs.Count + 1));
        }
        if (poster is not null) await PutFileAsync(StorageKey.Poster(job.Asset, job.Version), poster, "image/jpeg", cancellationToken);

        // 3. The receipt.
        var receipt = new Receipt(
            job.Asset.ToString(), job.Version, new ReceiptSource(job.Bytes, Convert.ToHexStringLower(job.Sha256)),
            new ReceiptTools(ffmpeg, OwnVersion), plan.Arguments, decodedFrames, written);
        await PutAsync(StorageKey.Receipt(job.Asset, job.Version),
            JsonSerializer.SerializeToUtf8Bytes(receipt, ReceiptJson.Default.Receipt), cancellationToken);

        // 4. The presentation: its presence says that the version is whole.
        var presentation = new Presentation { Renditions = [.. outputs.Select(output => output.Rendition)] };
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, presentation);
        await PutAsync(StorageKey.Presentation(job.Asset, job.Version), json.WrittenSpan.ToArray(), cancellationToken);
        return presentation;
    }

    /// <summary>Removes every version of the asset but the given ones: what attempts left that did not end.</summary>
    public async Task RemoveLeftoversAsync(AssetId asset, int? keptVersion, CancellationToken cancellationToken)
    {
        var kept = keptVersion is { } version ? StorageKey.VersionPrefix(asset, version) : null;
        var leftovers = new List<string>();
        await foreach (var found in store.ListAsync(StorageKey.AssetPrefix(asset), cancellationToken))
        {
            if (found.Key == StorageKey.Source(asset) || kept is not null && found.Key.StartsWith(kept, StringComparison.Ordinal)) continue;
            leftovers.Add(found.Key);
        }
        foreach (var key in leftovers) await store.DeleteAsync(key, cancellationToken);
    }

    private async Task PutFileAsync(string key, string path, string contentType, CancellationToken cancellationToken)
    {
        var length = new FileInfo(path).Length;
        var stored = await store.PutFileAsync(key, path, contentType, cancellationToken);
        if (stored.Length != length) throw new ObjectStoreException($"{key} was stored with {stored.Length} bytes of {length}.", isTransient: true);
    }

    private async Task PutAsync(string key, byte[] json, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(json, writable: false);
        await store.PutAsync(key, content, "application/json", cancellationToken);
    }

    private static async Task<ReceiptOutput> HashAsync(string path, string name, long? samples, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return new ReceiptOutput(name, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)), samples);
    }

    private static string OwnVersion { get; } =
        typeof(Publication).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
