using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Movento.Contracts;
using Movento.Packager.Presentations;

namespace Movento.Edge.Cache.HotBlocks;

/// <summary>
/// The text of a <see cref="HotList"/> (docs/formats/edge.md, "Warm-up"). Whatever is read is held against bounds before anything is made of it: a file on a
/// disk may be damaged, of another release, or somebody's.
/// </summary>
internal static class HotListJson
{
    /// <summary>Bytes of a file at most: a hundred thousand blocks, each in a run of its own, are three.</summary>
    public const int MaxBytes = 16 << 20;

    private const string Format = "movento-hot-list";
    private const int FormatVersion = 1;

    private const int MaxVersions = 100_000;
    private const int MaxRuns = 1 << 20;
    private const int MaxNameLength = 255;

    public static byte[] Write(HotList list) => JsonSerializer.SerializeToUtf8Bytes(
        new Root
        {
            Format = Format,
            Version = FormatVersion,
            BlockSize = BlockCache.BlockSize,
            Versions =
            [
                .. list.Versions.Select(version => new VersionEntry
                {
                    Asset = version.Asset.ToString(),
                    Version = version.Version,
                    Segments = version.Addressings.Contains(SegmentAddressing.Segments),
                    Ranges = version.Addressings.Contains(SegmentAddressing.ByteRanges),
                    Files = [.. version.Files.Select(file => new FileEntry { Name = file.Name, Runs = [.. file.Runs.SelectMany(run => (int[])[run.First, run.Count])] })],
                }),
            ],
        },
        HotListJsonContext.Default.Root);

    /// <exception cref="HotListFormatException">It is none, or one of another kind.</exception>
    public static HotList Read(ReadOnlySpan<byte> text)
    {
        Root? root;
        try
        {
            root = JsonSerializer.Deserialize(text, HotListJsonContext.Default.Root);
        }
        catch (JsonException exception)
        {
            throw new HotListFormatException($"it is damaged: {exception.Message}", exception);
        }

        if (root is not { Format: Format }) throw new HotListFormatException("it is something else");
        if (root.Version != FormatVersion) throw new HotListFormatException($"it is of format {root.Version}, this edge reads {FormatVersion}");
        if (root.BlockSize != BlockCache.BlockSize)
            throw new HotListFormatException($"its blocks are of {root.BlockSize} bytes, those of this edge of {BlockCache.BlockSize}");
        if (root.Versions is not { Length: <= MaxVersions } versions) throw new HotListFormatException("it names too many versions, or none");
        return new HotList([.. versions.Select(Read)]);
    }

    private static HotVersion Read(VersionEntry? entry)
    {
        if (entry is null || !AssetId.TryParse(entry.Asset, out var asset)) throw new HotListFormatException($"'{Shown(entry?.Asset)}' is no asset");
        if (entry.Version < 1) throw new HotListFormatException($"{asset} has no version {entry.Version}");
        if (entry.Files is not { Length: <= HotList.MaxFiles } files) throw new HotListFormatException($"{asset} v{entry.Version} has too many files, or none");
        ImmutableArray<SegmentAddressing> addressings =
            (entry.Segments, entry.Ranges) switch
            {
                (true, true) => [SegmentAddressing.Segments, SegmentAddressing.ByteRanges],
                (true, false) => [SegmentAddressing.Segments],
                _ => [SegmentAddressing.ByteRanges],
            };
        return new HotVersion(asset, entry.Version, addressings, [.. files.Select(Read)]);
    }

    private static HotFile Read(FileEntry? entry)
    {
        // Only ever compared with the names that a version has: no path is made of it.
        if (entry?.Name is not { Length: > 0 and <= MaxNameLength } name) throw new HotListFormatException("a file has no name, or too long a one");
        if (entry.Runs is not { Length: <= 2 * MaxRuns } numbers || numbers.Length % 2 != 0) throw new HotListFormatException($"the runs of '{Shown(name)}' are no pairs");
        var runs = new HotRun[numbers.Length / 2];
        for (var run = 0; run < runs.Length; run++)
        {
            runs[run] = new HotRun(numbers[2 * run], numbers[2 * run + 1]);
            if (runs[run].First < 0 || runs[run].Count < 1 || runs[run].First > int.MaxValue - runs[run].Count)
                throw new HotListFormatException($"'{Shown(name)}' has no {runs[run].Count} blocks from {runs[run].First} on");
        }

        return new HotFile(name, [.. runs]);
    }

    // For a log: not whatever a file may hold.
    private static string Shown(string? text) => string.Concat((text ?? "").Take(64).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '/' ? letter : '?'));

    internal sealed class Root
    {
        public string? Format { get; init; }

        public int Version { get; init; }

        public int BlockSize { get; init; }

        public VersionEntry?[]? Versions { get; init; }
    }

    internal sealed class VersionEntry
    {
        public string? Asset { get; init; }

        public int Version { get; init; }

        /// <summary>Whether the manifests with a URL for each segment were asked for.</summary>
        public bool Segments { get; init; }

        /// <summary>Whether those with byte ranges were.</summary>
        public bool Ranges { get; init; }

        public FileEntry?[]? Files { get; init; }
    }

    internal sealed class FileEntry
    {
        public string? Name { get; init; }

        /// <summary>First block and number of blocks, one pair behind the other.</summary>
        public int[]? Runs { get; init; }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 8)]
[JsonSerializable(typeof(HotListJson.Root))]
internal sealed partial class HotListJsonContext : JsonSerializerContext;
