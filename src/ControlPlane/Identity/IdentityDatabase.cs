using Npgsql;

namespace Movento.ControlPlane.Identity;

/// <summary>The connections to the schema <c>identity</c>, which only this folder reads and writes.</summary>
internal sealed class IdentityDatabase(NpgsqlDataSource source)
{
    public NpgsqlDataSource Source => source;

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);
}
