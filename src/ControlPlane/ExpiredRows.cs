using Dapper;
using Npgsql;

namespace Movento.ControlPlane;

/// <summary>Rows that nobody reads any more: removed a bounded number at a time, so that no transaction is long, until none is left, so that no table only grows.</summary>
internal static class ExpiredRows
{
    private const int RowsAtATime = 10_000;

    /// <summary>Removes them; rows that another process holds are left to it.</summary>
    /// <param name="connection">Without a transaction: each batch is one by itself.</param>
    /// <param name="table">Its name, as it stands in SQL.</param>
    /// <param name="key">The columns of its primary key, with commas.</param>
    /// <param name="condition">Which of its rows have expired, in SQL; an index should find them.</param>
    /// <param name="parameters">What <paramref name="condition"/> names.</param>
    /// <returns>How many rows went.</returns>
    public static async Task<int> RemoveAsync(
        NpgsqlConnection connection, string table, string key, string condition, object parameters, CancellationToken cancellationToken)
    {
        var removed = 0;
        int batch;
        do
        {
            batch = await connection.ExecuteAsync(new CommandDefinition(
                $"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {condition} LIMIT {RowsAtATime} FOR UPDATE SKIP LOCKED)",
                parameters,
                cancellationToken: cancellationToken));
            removed += batch;
        }
        while (batch == RowsAtATime);
        return removed;
    }
}
