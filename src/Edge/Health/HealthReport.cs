using System.Text.Json.Serialization;

namespace Movento.Edge.Health;

/// <summary>The body of a health endpoint.</summary>
internal sealed record HealthReport(string Status, HealthCheck[] Checks);

/// <summary>One dependency, and what is wrong with it.</summary>
internal sealed record HealthCheck(string Name, string Status, string? Reason)
{
    public const string Ok = "healthy";
    public const string Failing = "unhealthy";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
