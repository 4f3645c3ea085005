using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Reports;

namespace Movento.Benchmarks;

/// <summary>The last line of a run.</summary>
/// <param name="Bench">Always <c>micro</c>.</param>
/// <param name="Cores">How many the machine has for us.</param>
internal sealed record MicroResult(string Bench, int Cores, IReadOnlyList<MicroResult.Line> Benchmarks)
{
    /// <summary>One benchmark: nanoseconds and allocated bytes per operation.</summary>
    public sealed record Line(string Name, double MedianNs, double MinNs, double MaxNs, long? AllocatedBytes);

    public static string ToJsonLine(IEnumerable<Summary> summaries)
    {
        var lines =
            from summary in summaries
            from report in summary.Reports
            where report.ResultStatistics is not null
            let statistics = report.ResultStatistics
            orderby report.BenchmarkCase.Descriptor.Type.FullName
            select new Line(
                FullNameProvider.GetBenchmarkName(report.BenchmarkCase),
                Math.Round(statistics.Median, 2),
                Math.Round(statistics.Min, 2),
                Math.Round(statistics.Max, 2),
                report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase));
        return JsonSerializer.Serialize(
            new MicroResult("micro", Environment.ProcessorCount, [.. lines]), MicroResultJson.Default.MicroResult);
    }

    /// <summary>Whether something ran, and all of it to its end.</summary>
    public static bool IsWhole(IReadOnlyCollection<Summary> summaries) =>
        summaries.Count > 0 && summaries.All(summary =>
            !summary.HasCriticalValidationErrors && summary.Reports.Length > 0 && summary.Reports.All(report => report.Success));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MicroResult))]
internal sealed partial class MicroResultJson : JsonSerializerContext;
