using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace Movento.Database;

/// <summary>
/// Brings a schema up to date: the numbered SQL files that lie beside its service (embedded as <c>{schema}/0001_name.sql</c>),
/// each once, in order, each in a transaction of its own, under an advisory lock so that many processes may start at once.
/// A file is never edited after a release: an applied one whose text has changed stops the start.
/// </summary>
public static class MigrationRunner
{
    /// <summary>Applies what is missing and returns how many files that were.</summary>
    /// <exception cref="MigrationException">An applied file has changed, the database is newer than this program, or a file fails.</exception>
    public static async Task<int> ApplyAsync(
        NpgsqlDataSource source, string schema, Assembly assembly, CancellationToken cancellationToken)
    {
        // 1. What this program carries.
        var migrations = Read(schema, assembly);

        // 2. One process at a time; the lock goes with the connection.
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_lock(hashtextextended('movento.migrations.' || @schema, 0))", new { schema },
            cancellationToken: cancellationToken));
        try
        {
            // 3. What the database has.
            await connection.ExecuteAsync(new CommandDefinition(
                $"""
                create schema if not exists {Quote(schema)};
                create table if not exists {Quote(schema)}.migrations (
                  number     integer primary key,
                  name       text not null,
                  checksum   bytea not null,
                  applied_at timestamptz not null default now()
                );
                """,
                cancellationToken: cancellationToken));
            var applied = (await connection.QueryAsync<(int Number, string Name, byte[] Checksum)>(new CommandDefinition(
                $"select number, name, checksum from {Quote(schema)}.migrations order by number",
                cancellationToken: cancellationToken))).ToDictionary(row => row.Number);
            foreach (var row in applied.Values)
            {
                var known = migrations.SingleOrDefault(migration => migration.Number == row.Number)
                    ?? throw new MigrationException($"The schema '{schema}' has migration {row.Name}, which this program does not know: it was made by a newer one.");
                if (!known.Checksum.AsSpan().SequenceEqual(row.Checksum))
                    throw new MigrationException($"Migration {schema}/{known.Name} was applied with another text: released migrations are never edited.");
            }

            // 4. What is missing.
            var missing = migrations.Where(migration => !applied.ContainsKey(migration.Number)).ToList();
            foreach (var migration in missing) await ApplyAsync(connection, schema, migration, cancellationToken);
            return missing.Count;
        }
        finally
        {
            await connection.ExecuteAsync(
                "select pg_advisory_unlock(hashtextextended('movento.migrations.' || @schema, 0))", new { schema });
        }
    }

    /// <summary>The files of this program that the schema lacks, in their order.</summary>
    public static async Task<IReadOnlyList<string>> FindMissingAsync(NpgsqlDataSource source, string schema, Assembly assembly, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        IEnumerable<int> applied;
        try
        {
            applied = await connection.QueryAsync<int>(new CommandDefinition($"select number from {Quote(schema)}.migrations", cancellationToken: cancellationToken));
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            // Nobody has ever been here.
            applied = [];
        }

        return [.. Read(schema, assembly).ExceptBy(applied, migration => migration.Number).Select(migration => migration.Name)];
    }

    /// <summary>An SQL identifier, quoted.</summary>
    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task ApplyAsync(
        NpgsqlConnection connection, string schema, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                $"set local search_path to {Quote(schema)}", transaction: transaction, cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition(
                migration.Sql, transaction: transaction, cancellationToken: cancellationToken));
            await connection.ExecuteAsync(new CommandDefinition(
                $"insert into {Quote(schema)}.migrations (number, name, checksum) values (@Number, @Name, @Checksum)",
                new { migration.Number, migration.Name, migration.Checksum }, transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException error)
        {
            throw new MigrationException($"Migration {schema}/{migration.Name} fails: {error.MessageText}", error);
        }
    }

    private static List<Migration> Read(string schema, Assembly assembly)
    {
        var migrations = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(schema + "/", StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Migration.Read(assembly, name, schema.Length + 1))
            .ToList();
        for (var index = 0; index < migrations.Count; index++)
        {
            if (migrations[index].Number != index + 1)
                throw new MigrationException($"The migrations of '{schema}' are not numbered without gaps from 0001: {migrations[index].Name}.");
        }

        return migrations;
    }

    private sealed record Migration(int Number, string Name, string Sql, byte[] Checksum)
    {
        public static Migration Read(Assembly assembly, string resource, int prefixLength)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var sql = reader.ReadToEnd();
            var name = resource[prefixLength..];
            return int.TryParse(name.AsSpan(0, Math.Min(4, name.Length)), out var number)
                ? new Migration(number, name, sql, SHA256.HashData(Encoding.UTF8.GetBytes(sql)))
                : throw new MigrationException($"A migration's name begins with four digits: {name}.");
        }
    }
}
