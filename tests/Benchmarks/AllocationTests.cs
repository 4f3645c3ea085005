using System.Diagnostics;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Running;

namespace Movento.Benchmarks.Tests;

/// <summary>
/// benchmarks/allocations.json says what every benchmark may allocate for one operation; a benchmark that it does not name, or a
/// name without a benchmark, is an error too. <c>MOVENTO_RENEW_ALLOCATIONS=1</c> writes what was measured into the file instead,
/// for the diff to be looked at.
/// </summary>
public sealed class AllocationTests
{
    public static TheoryData<string> Names => [.. Cases.Keys];

    private static IReadOnlyDictionary<string, BenchmarkCase> Cases { get; } =
        typeof(MicroConfig).Assembly.GetTypes()
            .Where(type => type is { IsPublic: true, IsClass: true, IsAbstract: false, IsGenericType: false })
            .SelectMany(type => BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases)
            .ToDictionary(FullNameProvider.GetBenchmarkName);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Benchmark_OneOperation_AllocatesNoMoreThanItsEntry(string name)
    {
        Assert.False(IsDebugBuild(), "Allocations are those of optimised code: run this test with -c Release.");
        var measured = await Allocation.MeasureAsync(Cases[name]);

        if (AllocationFile.IsBeingRenewed)
        {
            AllocationFile.Write(name, measured);
            return;
        }

        Assert.True(AllocationFile.Entries.TryGetValue(name, out var expected), $"benchmarks/allocations.json has no entry for {name}, which allocates {measured} bytes.");
        Assert.True(measured <= expected, $"{name} allocates {measured} bytes for one operation; benchmarks/allocations.json allows {expected}.");
    }

    [Fact]
    public void File_EveryEntry_NamesABenchmark() => Assert.Empty(AllocationFile.Entries.Keys.Except(Cases.Keys));

    private static bool IsDebugBuild() =>
        typeof(MicroConfig).Assembly.GetCustomAttributes(typeof(DebuggableAttribute), inherit: false)
            .Cast<DebuggableAttribute>().Any(attribute => attribute.IsJITOptimizerDisabled);
}
