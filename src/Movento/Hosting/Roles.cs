namespace Movento.Hosting;

/// <summary>What one process does; any set of them may share it.</summary>
[Flags]
public enum Roles
{
    /// <summary>Serves manifests and media to players.</summary>
    Edge = 1,

    /// <summary>Takes uploads and tells how they fare.</summary>
    Ingest = 2,

    /// <summary>Encodes, packages and publishes.</summary>
    Worker = 4,

    /// <summary>Users, catalogue, playback grants and the pages.</summary>
    Control = 8,

    /// <summary>The embedded default: everything in one process.</summary>
    All = Edge | Ingest | Worker | Control,
}
