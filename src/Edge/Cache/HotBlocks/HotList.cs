using System.Collections.Immutable;
using Movento.Contracts;
using Movento.Packager.Presentations;

namespace Movento.Edge.Cache.HotBlocks;

/// <summary>What a run of an edge found worth keeping in memory: names, not bytes. The hottest come first.</summary>
internal sealed record HotList(ImmutableArray<HotVersion> Versions)
{
    /// <summary>Files of a version at most: a ladder in every codec, language and text has some dozens.</summary>
    public const int MaxFiles = 1000;

    /// <summary>How many blocks it names.</summary>
    public long BlockCount => Versions.Sum(version => version.Files.Sum(file => file.Runs.Sum(run => (long)run.Count)));

    /// <summary>
    /// Of these blocks, the hottest first. Left out is what a version that grows has given out early: it goes when the version is whole. <paramref name="addressings"/> says in which manifests
    /// a version is known.
    /// </summary>
    public static HotList Of(IReadOnlyList<Block> blocks, Func<AssetId, int, ImmutableArray<SegmentAddressing>> addressings)
    {
        var files = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var block in blocks)
        {
            if (!files.TryGetValue(block.StorageKey, out var indexes)) files[block.StorageKey] = indexes = [];
            indexes.Add(block.Key.Index);
        }

        // In the order in which their hottest block came.
        var versions = new Dictionary<(AssetId Asset, int Version), List<HotFile>>();
        foreach (var (key, indexes) in files)
        {
            if (!StorageKey.TryReadVersion(key, out var asset, out var version, out var name) || name.Contains('/', StringComparison.Ordinal)) continue;
            if (!versions.TryGetValue((asset, version), out var list)) versions[(asset, version)] = list = [];
            if (list.Count < MaxFiles) list.Add(new HotFile(name, HotRun.Of(indexes)));
        }

        return new HotList([.. versions.Select(version => new HotVersion(
            version.Key.Asset, version.Key.Version, Known(addressings(version.Key.Asset, version.Key.Version)), [.. version.Value]))]);

        // Its manifests may have left memory before its blocks.
        static ImmutableArray<SegmentAddressing> Known(ImmutableArray<SegmentAddressing> known) => known.IsEmpty ? [SegmentAddressing.ByteRanges] : known;
    }
}

/// <summary>A version of an asset of which something is hot.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Version">From 1.</param>
/// <param name="Addressings">In which of the two ways its manifests were asked for; at least one.</param>
/// <param name="Files">The hottest first.</param>
internal sealed record HotVersion(AssetId Asset, int Version, ImmutableArray<SegmentAddressing> Addressings, ImmutableArray<HotFile> Files);

/// <summary>A file of a version of which something is hot.</summary>
/// <param name="Name">Within the version.</param>
/// <param name="Runs">In their order in the file.</param>
internal sealed record HotFile(string Name, ImmutableArray<HotRun> Runs);

/// <summary>Blocks one behind the other.</summary>
/// <param name="First">The first one's index.</param>
/// <param name="Count">At least 1.</param>
internal readonly record struct HotRun(int First, int Count)
{
    /// <summary>The runs of some blocks of a file.</summary>
    public static ImmutableArray<HotRun> Of(List<int> indexes)
    {
        indexes.Sort();
        var runs = ImmutableArray.CreateBuilder<HotRun>();
        foreach (var index in indexes)
        {
            if (runs.Count > 0 && runs[^1] is var last && last.First + last.Count == index) runs[^1] = last with { Count = last.Count + 1 };
            else runs.Add(new HotRun(index, 1));
        }

        return runs.ToImmutable();
    }
}
