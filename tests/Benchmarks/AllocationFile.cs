using System.Text.Json;
using Movento.Harness;

namespace Movento.Benchmarks.Tests;

/// <summary>benchmarks/allocations.json: bytes per operation by the benchmark's full name.</summary>
internal static class AllocationFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly string Path = Repository.Combine("benchmarks", "allocations.json");

    public static bool IsBeingRenewed { get; } = Environment.GetEnvironmentVariable("MOVENTO_RENEW_ALLOCATIONS") == "1";

    public static SortedDictionary<string, long> Entries { get; } =
        new(JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(Path))!, StringComparer.Ordinal);

    public static void Write(string name, long bytes)
    {
        Entries[name] = bytes;
        File.WriteAllText(Path, JsonSerializer.Serialize(Entries, Indented) + "\n");
    }
}
