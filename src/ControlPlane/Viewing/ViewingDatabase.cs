using Npgsql;

namespace Movento.ControlPlane.Viewing;

/// <summary>The connections to the schema <c>viewing</c>, which only this folder reads and writes.</summary>
internal sealed class ViewingDatabase(NpgsqlDataSource source)
{
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);
}
