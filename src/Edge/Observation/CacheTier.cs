namespace Movento.Edge.Observation;

/// <summary>Where the first bytes of an answer came from.</summary>
internal enum CacheTier
{
    /// <summary>Nowhere: the answer has no bytes of a film.</summary>
    None,

    /// <summary>This process had them.</summary>
    Memory,

    /// <summary>They had to be waited for: the object store, or somebody who already asked it.</summary>
    Origin,
}
