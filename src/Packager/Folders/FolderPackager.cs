using System.Buffers;
using Movento.Packager.Cmaf;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;

namespace Movento.Packager.Folders;

/// <summary>Packages tracks of MP4 files into a folder that any web server can serve, laid out as docs/formats/urls.md says.</summary>
public static class FolderPackager
{
    /// <summary>
    /// Packages every track into a CMAF file, and writes the manifests beside them:
    /// <list type="number">
    /// <item>Make a folder inside the folder: until the end nothing stands where it could be taken for whole.</item>
    /// <item>Package the tracks: several files at a time, the tracks of one file after another.</item>
    /// <item>Write the manifests, presentation.json, and the segments as files where wanted.</item>
    /// <item>Move everything into place, the manifests last.</item>
    /// </list>
    /// </summary>
    /// <param name="tracks">In the order of <see cref="Presentation.Renditions"/>; no two with one id.</param>
    /// <param name="folder">Made where it is missing.</param>
    /// <param name="settings">What to write.</param>
    /// <param name="progress">Told, from several threads, how many more bytes of samples were packaged; or null.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="MediaFormatException">A source cannot be packaged.</exception>
    /// <exception cref="FolderNotEmptyException">The folder has something in it, and <see cref="FolderSettings.Replace"/> is off.</exception>
    /// <exception cref="IOException">A file cannot be read or written. Nothing is left behind, as after every other error.</exception>
    public static async Task<Presentation> PackageAsync(
        IReadOnlyList<PlannedTrack> tracks, string folder, FolderSettings settings, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(tracks.Count, nameof(tracks));
        if (tracks.Select(track => track.Settings.Id).Distinct().Count() < tracks.Count)
            throw new ArgumentException("Two tracks have one id.", nameof(tracks));

        // :: Step 1 — a folder inside the folder
        using var staging = new StagingFolder(folder, settings.Replace);

        // :: Step 2 — the tracks
        var renditions = new Rendition[tracks.Count];
        var files = Enumerable.Range(0, tracks.Count).GroupBy(number => tracks[number].Path).ToArray();
        if (files.Length == 1)
            await PackageFileAsync(files[0], cancellationToken).ConfigureAwait(false); // here, so that the pools of this thread are used again
        else
            await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = settings.Parallelism, CancellationToken = cancellationToken }, PackageFileAsync).ConfigureAwait(false);

        var presentation = new Presentation
        {
            // Rungs of one height were told apart by nothing but their bytes.
            Renditions = [.. renditions.OrderBy(rendition => rendition.Kind).ThenBy(rendition => rendition.Video?.Height ?? 0).ThenBy(rendition => rendition.Video is null ? 0 : rendition.AverageBitrate)],
        };

        // :: Step 3 — the manifests
        await WriteManifestsAsync(presentation, staging, settings, cancellationToken).ConfigureAwait(false);

        // :: Step 4 — into place
        staging.Publish("master.m3u8", "manifest.mpd", "presentation.json");
        return presentation;

        async ValueTask PackageFileAsync(IEnumerable<int> file, CancellationToken stop)
        {
            foreach (var number in file)
                renditions[number] = await PackageAsync(tracks[number], staging, progress, stop).ConfigureAwait(false);
        }
    }

    private static async Task<Rendition> PackageAsync(
        PlannedTrack track, StagingFolder staging, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var source = new FileStream(track.Path, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using (source.ConfigureAwait(false))
        {
            var destination = new FileStream(staging.Combine($"{track.Settings.Id}.mp4"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            await using (destination.ConfigureAwait(false))
                return await CmafPackager.PackageAsync(source, destination, track.Settings, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteManifestsAsync(
        Presentation presentation, StagingFolder staging, FolderSettings settings, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var manifest in ManifestFile.Of(presentation, SegmentAddressing.ByteRanges))
        {
            if (manifest.Format == ManifestFormat.Dash ? settings.Dash : settings.Hls)
                await WriteAsync(manifest.Path, () => manifest.Write(output)).ConfigureAwait(false);
        }

        await WriteAsync("presentation.json", () => PresentationJson.Write(output, presentation)).ConfigureAwait(false);

        async Task WriteAsync(string name, Action write)
        {
            output.ResetWrittenCount();
            write();
            await File.WriteAllBytesAsync(staging.Combine(name), output.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }
    }
}
