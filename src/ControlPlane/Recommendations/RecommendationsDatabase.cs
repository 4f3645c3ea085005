using Npgsql;

namespace Movento.ControlPlane.Recommendations;

/// <summary>The connections to the schema <c>recommendations</c>, which only this folder reads and writes.</summary>
internal sealed class RecommendationsDatabase(NpgsqlDataSource source)
{
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);
}
