using Npgsql;

namespace Movento.Ingest;

/// <summary>The data source of the schema <c>ingest</c>; a type of its own, since every service has one.</summary>
internal sealed record IngestDatabase(NpgsqlDataSource Source);
