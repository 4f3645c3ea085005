using BenchmarkDotNet.Attributes;
using Movento.Edge.Admission;

namespace Movento.Benchmarks.Edge;

/// <summary>The request target of a segment, with the query that players append.</summary>
[MemoryDiagnoser]
public class EdgeUrlBenchmarks
{
    private static readonly string Target =
        $"/{new string('A', 95)}/assets/0192f0c1a2b37c4d8e5f60718293a4b5/v1/v1080.mp4?CMCD=bl%3D21300%2Cbr%3D3200%2Csid%3D%22x%22";

    [Benchmark]
    public bool TryParse() => EdgeUrl.TryParse(EdgeUrl.PathOf(Target), out _);
}
