using System.Buffers;
using Movento.Contracts;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Storage;

namespace Movento.Browser.Tests.Running;

/// <summary>A film as ingest leaves it in the object store, packaged from files that are encoded already.</summary>
internal static class StoredFilm
{
    public const int Version = 1;

    /// <param name="store">Takes it.</param>
    /// <param name="pictures">A file for each rung by its id, from the lowest.</param>
    /// <param name="sound">The file with the sound.</param>
    /// <param name="segment">How long a segment is.</param>
    public static async Task<AssetId> PutAsync(IObjectStore store, IReadOnlyDictionary<string, string> pictures, string sound, TimeSpan segment)
    {
        var asset = new AssetId(Guid.CreateVersion7());
        var renditions = new List<Rendition>();
        foreach (var (id, path) in pictures) renditions.Add(await PackageAsync(path, new CmafSettings { Id = id, Kind = TrackKind.Video, SegmentDuration = segment }));
        renditions.Add(await PackageAsync(sound, new CmafSettings { Id = "a0", Kind = TrackKind.Audio, SegmentDuration = segment, IsDefault = true, Language = "en" }));
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, new Presentation { Renditions = [.. renditions] });
        await PutAsync(StorageKey.Presentation(asset, Version), json.WrittenSpan.ToArray());
        return asset;

        async Task<Rendition> PackageAsync(string path, CmafSettings settings)
        {
            await using var source = File.OpenRead(path);
            using var file = new MemoryStream();
            var rendition = await CmafPackager.PackageAsync(source, file, settings, default);
            await PutAsync(StorageKey.Rendition(asset, Version, settings.Id), file.ToArray());
            return rendition;
        }

        async Task PutAsync(string key, byte[] bytes)
        {
            using var content = new MemoryStream(bytes, writable: false);
            await store.PutAsync(key, content, "application/octet-stream", default);
        }
    }
}
