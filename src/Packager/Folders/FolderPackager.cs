using System.Buffers;
using System.Collections.Immutable;
using Movento.Packager.Cmaf;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;
using Movento.Packager.Subtitles;

namespace Movento.Packager.Folders;

/// <summary>Packages tracks into a folder that any web server can serve, laid out as docs/formats/urls.md says.</summary>
public static class FolderPackager
{
    // In this order: who sees the last of them sees all.
    private static readonly string[] Entries = ["master.m3u8", "manifest.mpd", "presentation.json"];

    /// <summary>
    /// Packages every track into a CMAF file, and writes the manifests beside them:
    /// <list type="number">
    /// <item>Make a folder inside the folder: until the end nothing stands where it could be taken for whole.</item>
    /// <item>Package pictures and sound: several files at a time, the tracks of one file after another.</item>
    /// <item>Package the subtitles, which last as long as the rest.</item>
    /// <item>Write the manifests, presentation.json, and the segments as files where wanted.</item>
    /// <item>Move everything into place, the manifests last.</item>
    /// </list>
    /// </summary>
    /// <param name="tracks">No two with one id, and not subtitles alone.</param>
    /// <param name="folder">Made where it is missing.</param>
    /// <param name="settings">What to write.</param>
    /// <param name="progress">Told, from several threads, how many more bytes were written; or null.</param>
    /// <param name="cancellationToken">Stops the work; nothing is left behind.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="MediaFormatException">A source cannot be packaged.</exception>
    /// <exception cref="FolderNotEmptyException">The folder has something in it, and <see cref="FolderSettings.Replace"/> is off.</exception>
    /// <exception cref="IOException">A file cannot be read or written. Nothing is left behind, as after every other error.</exception>
    public static async Task<Presentation> PackageAsync(
        IReadOnlyList<PlannedTrack> tracks, string folder, FolderSettings settings, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (tracks.All(track => track.Settings.Kind == TrackKind.Text))
            throw new ArgumentException("There are no pictures and no sound.", nameof(tracks));
        if (tracks.DistinctBy(track => track.Settings.Id).Count() < tracks.Count)
            throw new ArgumentException("Two tracks have one id.", nameof(tracks));

        // :: Step 1 — a folder inside the folder
        using var staging = new StagingFolder(folder, settings.Replace);

        // :: Step 2 — pictures and sound
        var renditions = new Rendition[tracks.Count];
        var (texts, media) = (Numbers(isText: true), Numbers(isText: false));
        var files = media.GroupBy(number => tracks[number].Path).ToArray();
        if (files.Length == 1)
            await PackageFileAsync(files[0], cancellationToken).ConfigureAwait(false); // here: what this thread's pools hold serves again
        else
            await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = settings.Parallelism, CancellationToken = cancellationToken }, PackageFileAsync).ConfigureAwait(false);

        // :: Step 3 — subtitles
        var duration = media.Max(number => renditions[number].Duration);
        foreach (var number in texts)
            renditions[number] = await PackageTextAsync(tracks[number], duration, staging, cancellationToken).ConfigureAwait(false);

        // :: Step 4 — the manifests
        var presentation = new Presentation { Renditions = InOrder(renditions) };
        await WriteManifestsAsync(presentation, SegmentAddressing.ByteRanges, staging, settings, cancellationToken).ConfigureAwait(false);
        if (settings.Segments)
        {
            await WriteManifestsAsync(presentation, SegmentAddressing.Segments, staging, settings, cancellationToken).ConfigureAwait(false);
            foreach (var rendition in presentation.Renditions)
                SegmentFiles.Write(rendition, staging, cancellationToken);
        }

        await WriteAsync("presentation.json", output => PresentationJson.Write(output, presentation), staging, cancellationToken).ConfigureAwait(false);

        // :: Step 5 — into place
        staging.Publish(Entries);
        return presentation;

        int[] Numbers(bool isText) => [.. Enumerable.Range(0, tracks.Count).Where(number => tracks[number].Settings.Kind == TrackKind.Text == isText)];

        async ValueTask PackageFileAsync(IEnumerable<int> file, CancellationToken stop)
        {
            foreach (var number in file)
                renditions[number] = await PackageMediaAsync(tracks[number], staging, progress, stop).ConfigureAwait(false);
        }
    }

    private static async Task<Rendition> PackageMediaAsync(
        PlannedTrack track, StagingFolder staging, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var source = OpenSource(track.Path);
        await using (source.ConfigureAwait(false))
        {
            var destination = Create(staging, $"{track.Settings.Id}.mp4");
            await using (destination.ConfigureAwait(false))
                return await CmafPackager.PackageAsync(source, destination, track.Settings, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<Rendition> PackageTextAsync(PlannedTrack track, TimeSpan duration, StagingFolder staging, CancellationToken cancellationToken)
    {
        SubtitleTrack subtitles;
        var source = OpenSource(track.Path);
        await using (source.ConfigureAwait(false))
            subtitles = await SubtitleTrack.ReadAsync(source, track.Settings.TrackId, cancellationToken).ConfigureAwait(false);

        var settings = new SubtitleSettings
        {
            Id = track.Settings.Id,
            Duration = duration,
            SegmentDuration = track.Settings.SegmentDuration,
            Language = track.Settings.Language,
            Name = track.Settings.Name,
            IsDefault = track.Settings.IsDefault,
            Role = track.Settings.Role == TrackRole.None ? TrackRole.Subtitle : track.Settings.Role,
        };
        using var media = Create(staging, $"{settings.Id}.mp4");
        using var segments = Create(staging, $"{settings.Id}.segments.vtt");
        using var sidecar = Create(staging, $"{settings.Id}.vtt");
        return await SubtitlePackager.PackageAsync(subtitles, settings, new SubtitleOutputs(media, segments, sidecar), cancellationToken).ConfigureAwait(false);
    }

    // Rungs of one height are told apart by their bytes, which are known only now.
    private static ImmutableArray<Rendition> InOrder(IEnumerable<Rendition> renditions) =>
    [
        .. renditions.OrderBy(rendition => rendition.Kind switch { TrackKind.Video => 0, TrackKind.Audio => 1, TrackKind.Text => 2, _ => 3 })
            .ThenBy(rendition => rendition.Video?.Height ?? 0)
            .ThenBy(rendition => rendition.Video is null ? 0 : rendition.AverageBitrate),
    ];

    private static async Task WriteManifestsAsync(
        Presentation presentation, SegmentAddressing addressing, StagingFolder staging, FolderSettings settings, CancellationToken cancellationToken)
    {
        foreach (var manifest in ManifestFile.Of(presentation, addressing))
        {
            if (manifest.Format == ManifestFormat.Dash ? settings.Dash : settings.Hls)
                await WriteAsync(manifest.Path, manifest.Write, staging, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Task WriteAsync(string name, Action<IBufferWriter<byte>> write, StagingFolder staging, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return File.WriteAllBytesAsync(staging.Combine(name), output.WrittenMemory, cancellationToken);
    }

    private static FileStream OpenSource(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    private static FileStream Create(StagingFolder staging, string name) =>
        new(staging.Combine(name), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
}
