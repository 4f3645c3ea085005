using Npgsql;

namespace Movento.ControlPlane;

/// <summary>The connections of every area, each with its own schema as search path, so that each may be moved to a server of its own.</summary>
/// <param name="Identity">Of the schema <c>identity</c>.</param>
/// <param name="Catalogue">Of the schema <c>catalogue</c>.</param>
/// <param name="Playback">Of the schema <c>playback</c>.</param>
/// <param name="Billing">Of the schema <c>billing</c>.</param>
/// <param name="Quality">Of the schema <c>quality</c>.</param>
/// <param name="Viewing">Of the schema <c>viewing</c>.</param>
/// <param name="Recommendations">Of the schema <c>recommendations</c>.</param>
public sealed record ControlPlaneDatabases(
    NpgsqlDataSource Identity,
    NpgsqlDataSource Catalogue,
    NpgsqlDataSource Playback,
    NpgsqlDataSource Billing,
    NpgsqlDataSource Quality,
    NpgsqlDataSource Viewing,
    NpgsqlDataSource Recommendations)
{
    /// <summary>Every schema.</summary>
    public static IReadOnlyList<string> Schemas { get; } = ["identity", "catalogue", "playback", "billing", "quality", "viewing", "recommendations"];

    /// <param name="sourceOf">The connections to a schema, one of <see cref="Schemas"/>.</param>
    public static ControlPlaneDatabases Of(Func<string, NpgsqlDataSource> sourceOf) => new(
        sourceOf("identity"), sourceOf("catalogue"), sourceOf("playback"), sourceOf("billing"), sourceOf("quality"), sourceOf("viewing"), sourceOf("recommendations"));
}
