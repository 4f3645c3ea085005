namespace Movento.Edge.Cache.HotBlocks;

/// <summary>
/// What an operator may set about the warm-up (section <c>Movento:Edge:WarmUp</c>): an edge that starts reads back what its run before found worth keeping.
/// </summary>
public sealed class WarmUpOptions
{
    /// <summary>Whether it does, and whether it remembers for the next run.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The file of the hot list; in the data folder unless it is set. Without one there is no warm-up.</summary>
    public string? Path { get; set; }

    /// <summary>Bytes of media that are remembered and read back, at most; never more than nine tenths of <see cref="EdgeOptions.CacheBytes"/>.</summary>
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>How long the reading may take.</summary>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of <see cref="EdgeOptions.OriginConcurrency"/> that it may take, one at least; viewers come before it all the same.</summary>
    public double OriginShare { get; set; } = 0.125;

    /// <summary>How often the list is written while the edge runs, for one that is killed; besides that when it drains and when it stops.</summary>
    public TimeSpan SaveInterval { get; set; } = TimeSpan.FromMinutes(3);

    internal bool IsOn => Enabled && Path is not null;

    /// <summary>Bytes that are remembered at most, by a cache of this size: what its main queue holds.</summary>
    internal long MostBytesOf(long cacheBytes) => Math.Min(MaxBytes, cacheBytes / 10 * 9);

    internal IEnumerable<string> Validate()
    {
        if (Path is { Length: 0 })
            yield return "Edge: WarmUp:Path is empty, but must name a file.";
        if (MaxBytes is < BlockCache.ReadSize or > MostBytes)
            yield return $"Edge: WarmUp:MaxBytes is {MaxBytes}, but must be {BlockCache.ReadSize} to {MostBytes}.";
        if (MaxDuration < TimeSpan.FromSeconds(1) || MaxDuration > TimeSpan.FromMinutes(10))
            yield return $"Edge: WarmUp:MaxDuration is {MaxDuration}, but must be a second to 10 minutes.";
        if (OriginShare is not (> 0 and <= 0.5))
            yield return $"Edge: WarmUp:OriginShare is {OriginShare}, but must be above 0 and at most 0.5.";
        if (SaveInterval < TimeSpan.FromSeconds(1) || SaveInterval > TimeSpan.FromDays(1))
            yield return $"Edge: WarmUp:SaveInterval is {SaveInterval}, but must be a second to a day.";
    }

    // 64 Ki blocks: a list of a few MB.
    private const long MostBytes = 16L << 30;
}
