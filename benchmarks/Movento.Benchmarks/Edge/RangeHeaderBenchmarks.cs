using BenchmarkDotNet.Attributes;
using Movento.Edge.Delivery;
using Movento.Packager.Presentations;

namespace Movento.Benchmarks.Edge;

/// <summary>The Range field, as players send it and as attackers do.</summary>
[MemoryDiagnoser]
public class RangeHeaderBenchmarks
{
    private const long Length = 4L << 30;

    private readonly ByteRange[] _ranges = new ByteRange[16];

    [Params("bytes=1048576-2097151", "bytes=0-0,10-19,30-39,-500", "bytes=,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,0-x")]
    public string Value { get; set; } = "";

    [Benchmark]
    public int Parse()
    {
        RangeHeader.Parse(Value, Length, _ranges, out var count);
        return count;
    }
}
