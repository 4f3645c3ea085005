using Npgsql;

namespace Movento.ControlPlane.Catalogue;

/// <summary>The connections to the schema <c>catalogue</c>, which only this folder reads and writes.</summary>
internal sealed class CatalogueDatabase(NpgsqlDataSource source)
{
    public NpgsqlDataSource Source => source;

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);
}
