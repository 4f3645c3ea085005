namespace Movento.Edge.Cache.HotBlocks;

/// <summary>Why a warm-up ended.</summary>
internal enum WarmUpEnd
{
    /// <summary>Everything on the list was asked for.</summary>
    Everything,

    /// <summary>It has read as many bytes as it may.</summary>
    Bytes,

    /// <summary>The cache's memory is in use.</summary>
    Memory,

    /// <summary>Its time is over.</summary>
    Time,

    /// <summary>The edge drains or stops.</summary>
    Stopped,
}
