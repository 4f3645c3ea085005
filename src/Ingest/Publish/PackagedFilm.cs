using Movento.Contracts;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Publish;

/// <summary>Everything of a film that is published, but its receipt and its presentation.</summary>
/// <param name="Outputs">Every rendition, in the order of the presentation.</param>
/// <param name="Thumbnails">Or null.</param>
/// <param name="Poster">The poster's path, or null.</param>
/// <param name="Notes">What was left out.</param>
/// <param name="Chapters">In order; null for none.</param>
/// <param name="FilmPoster">Where the poster is the team's own: the path of the one out of the film; null for none.</param>
internal sealed record PackagedFilm(
    IReadOnlyList<PackagedOutput> Outputs, PackagedThumbnails? Thumbnails, string? Poster, IReadOnlyList<SourceNote> Notes,
    IReadOnlyList<Chapter>? Chapters = null, string? FilmPoster = null)
{
    /// <summary>The model of it.</summary>
    public Presentation Presentation { get; } = new() { Renditions = [.. Outputs.Select(output => output.Rendition)], Thumbnails = Thumbnails?.Tiles, Chapters = [.. Chapters ?? []] };

    /// <summary>Its files in the job's folder.</summary>
    public IReadOnlyList<PackagedFile> Files { get; } = [.. FilesOf(Outputs, Thumbnails, Poster, FilmPoster)];

    private static IEnumerable<PackagedFile> FilesOf(IReadOnlyList<PackagedOutput> outputs, PackagedThumbnails? thumbnails, string? poster, string? filmPoster)
    {
        foreach (var (rendition, path, texts) in outputs.Select(output => (output.Rendition, output.Path, output.Texts)))
        {
            yield return new PackagedFile(StorageKey.RenditionName(rendition.Id), path, TypeOf(rendition.Kind), rendition.SampleCount);
            if (texts is null) continue;
            yield return new PackagedFile(StorageKey.TextSegmentsName(rendition.Id), texts.Segments, "text/vtt", null);
            yield return new PackagedFile(StorageKey.SubtitlesName(rendition.Id), texts.Sidecar, "text/vtt", null);
        }

        for (var number = 1; number <= (thumbnails?.Paths.Count ?? 0); number++)
            yield return new PackagedFile(StorageKey.ThumbnailsName(number), thumbnails!.Paths[number - 1], "image/jpeg", null);
        if (poster is not null) yield return new PackagedFile(StorageKey.PosterName, poster, "image/jpeg", null);
        if (filmPoster is not null) yield return new PackagedFile(StorageKey.FilmPosterName, filmPoster, "image/jpeg", null);
    }

    // docs/formats/storage-keys.md
    private static string TypeOf(TrackKind kind) => kind switch
    {
        TrackKind.Audio => "audio/mp4",
        TrackKind.Text => "application/mp4",
        _ => "video/mp4",
    };
}

/// <summary>A file of a film.</summary>
/// <param name="Name">Within the version.</param>
/// <param name="Path">In the job's folder.</param>
/// <param name="ContentType">docs/formats/storage-keys.md.</param>
/// <param name="Samples">Of a rendition; null for other files.</param>
internal sealed record PackagedFile(string Name, string Path, string ContentType, long? Samples);
