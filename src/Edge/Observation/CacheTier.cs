namespace Movento.Edge.Observation;

/// <summary>Where the first bytes of an answer came from: the farther, the later in this list.</summary>
internal enum CacheTier
{
    /// <summary>Nowhere: the answer has no bytes of a film.</summary>
    None,

    /// <summary>This process had them.</summary>
    Memory,

    /// <summary>They had to be waited for: another edge had put them into Redis.</summary>
    Redis,

    /// <summary>They had to be waited for: the object store gave them, for this request or for one just before it.</summary>
    Origin,
}
