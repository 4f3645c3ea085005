using Npgsql;

namespace Movento.ControlPlane.Billing;

/// <summary>The connections to the schema <c>billing</c>, which only this folder reads and writes.</summary>
internal sealed class BillingDatabase(NpgsqlDataSource source)
{
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);
}
