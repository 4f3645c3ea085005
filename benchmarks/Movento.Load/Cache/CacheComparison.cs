using System.Globalization;
using Movento.Load.Contest;

namespace Movento.Load.Cache;

/// <summary>
/// The edge's choice of what stays in memory beside others, on the same requests: Zipf's law, the same with a reader of the archive in between, and players'
/// sessions; then what the size of a block costs. No network and no disk: bytes that come from memory are the figure.
/// </summary>
internal static class CacheComparison
{
    private const int BlockSize = Edge.Cache.BlockCache.BlockSize;
    private const int Requests = 1_000_000;
    private const int Blocks = 200_000;

    private static readonly (string Name, Func<int, ICachePolicy> Make)[] Policies =
    [
        ("S3-FIFO (ours)", capacity => new S3FifoPolicy(capacity)), ("LRU", capacity => new LruPolicy(capacity)),
        ("SIEVE", capacity => new SievePolicy(capacity)), ("W-TinyLFU", capacity => new TinyLfuPolicy(capacity)),
    ];

    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        PrintBlockSizes(cancellationToken);
        var results = new List<ComparisonResult>();
        var table = new List<string>();
        foreach (var (name, capacity, blocks) in Inputs())
        {
            var trace = blocks.ToArray();
            var hits = new long[Policies.Length];
            var contenders = Policies.Select((policy, number) => new Contender(
                policy.Name, $"{capacity:N0} of the trace's blocks", [Environment.ProcessId], _ =>
                {
                    var cache = policy.Make(capacity);
                    hits[number] = trace.LongCount(cache.Access);
                    return Task.FromResult(hits[number] * BlockSize);
                }) { IsOneProcess = true }).ToArray();
            results.AddRange(await Rounds.RunAsync(name, contenders[0], contenders[1..], settings.AskedRounds ?? 1, cancellationToken));
            table.Add(string.Create(CultureInfo.InvariantCulture, $"{name,-44}") + string.Concat(hits.Select(hit => Percent(hit, trace.Length))));
        }

        Console.WriteLine($"\n{"hit ratio",-44}" + string.Concat(Policies.Select(policy => $"{policy.Name,16}")));
        foreach (var line in table) Console.WriteLine(line);
        return results;
    }

    private static IEnumerable<(string Name, int Capacity, IEnumerable<ulong> Blocks)> Inputs()
    {
        foreach (var part in (int[])[100, 10])
        {
            yield return ($"Zipf 0.9, room for 1/{part}", Blocks / part, Trace.Zipf(Blocks, 0.9, Requests, 0));
            yield return ($"Zipf 0.9 and a scan, room for 1/{part}", Blocks / part, Trace.Zipf(Blocks, 0.9, Requests, 3));
        }

        foreach (var gigabytes in (int[])[1, 8])
        {
            yield return (
                $"sessions of 400 viewers, {gigabytes} GiB", (int)(((long)gigabytes << 30) / BlockSize),
                Trace.Sessions(1000, 400, Requests / 5).SelectMany(request => BlocksOf(request, BlockSize)));
        }
    }

    private static void PrintBlockSizes(CancellationToken cancellationToken)
    {
        Console.WriteLine("1 GiB, sessions of 400 viewers: what a block's size costs");
        Console.WriteLine($"{"block",8} {"bytes from memory",18} {"origin's bytes / bytes sent for the first time",48} {"reads",10}");
        foreach (var size in (int[])[64 << 10, 128 << 10, 256 << 10, 512 << 10, 1 << 20, 2 << 20])
        {
            cancellationToken.ThrowIfCancellationRequested();
            var cache = new S3FifoPolicy((1 << 30) / size);
            long sent = 0, missed = 0, origin = 0, reads = 0;
            foreach (var request in Trace.Sessions(1000, 400, Requests / 5))
            {
                sent += request.Size;
                var misses = false;
                foreach (var (block, index) in BlocksOf(request, size).Select((block, number) => (block, request.Offset / size + number)))
                {
                    if (cache.Access(block)) continue;
                    misses = true;
                    var start = index * size;
                    origin += Math.Min(size, request.FileLength - start);
                    missed += Math.Min(start + size, request.Offset + request.Size) - Math.Max(start, request.Offset);
                }

                if (misses) reads++;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{size >> 10,5} KiB {100.0 * (sent - missed) / sent,17:0.0}% {(double)origin / missed,48:0.00} {reads,10:N0}"));
        }
    }

    private static IEnumerable<ulong> BlocksOf(Request request, int size)
    {
        for (var index = request.Offset / size; index * size < request.Offset + request.Size; index++)
            yield return Trace.Mix(((ulong)request.File << 32) + (ulong)index);
    }

    private static string Percent(long hits, int requests) =>
        string.Create(CultureInfo.InvariantCulture, $"{100.0 * hits / requests,15:0.0}%");
}
