using Npgsql;

namespace Movento.ControlPlane.Quality;

/// <summary>The connections to the schema <c>quality</c>, which only this folder reads and writes.</summary>
internal sealed class QualityDatabase(NpgsqlDataSource source)
{
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);
}
