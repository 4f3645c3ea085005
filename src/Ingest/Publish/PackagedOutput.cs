using Movento.Packager.Presentations;

namespace Movento.Ingest.Publish;

/// <summary>One packaged rendition as a file in the job's folder.</summary>
internal sealed record PackagedOutput(Rendition Rendition, string Path)
{
    /// <summary>The same subtitles as text; null for other kinds.</summary>
    public SubtitleFiles? Texts { get; init; }
}

/// <summary>Where the texts of subtitles lie in the job's folder: a text a segment, and all in one.</summary>
internal sealed record SubtitleFiles(string Segments, string Sidecar);

/// <summary>The thumbnails and where their files lie in the job's folder.</summary>
internal sealed record PackagedThumbnails(ThumbnailTiles Tiles, IReadOnlyList<string> Paths);
