namespace Movento.Packager.Folders;

/// <summary>What the caller decides about a folder.</summary>
public sealed record FolderSettings
{
    /// <summary>Whether HLS playlists are written.</summary>
    public bool Hls { get; init; } = true;

    /// <summary>Whether a DASH manifest is written.</summary>
    public bool Dash { get; init; } = true;

    /// <summary>Whether every segment is written once more as a file of its own, with the manifests that name them, for servers and caches that do not do ranges.</summary>
    public bool Segments { get; init; }

    /// <summary>Whether a folder that has something in it is written to: files of the same names are replaced, others stay.</summary>
    public bool Replace { get; init; }

    /// <summary>How many files are read at the same time; the tracks of one file follow one another.</summary>
    public int Parallelism { get; init; } = Math.Min(4, Environment.ProcessorCount);
}
