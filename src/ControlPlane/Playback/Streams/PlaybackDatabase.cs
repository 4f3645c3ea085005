using Npgsql;

namespace Movento.ControlPlane.Playback;

/// <summary>The connections to the schema <c>playback</c>, which only this folder reads and writes.</summary>
internal sealed class PlaybackDatabase(NpgsqlDataSource source)
{
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => source.OpenConnectionAsync(cancellationToken);
}
