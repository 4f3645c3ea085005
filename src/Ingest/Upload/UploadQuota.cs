using Dapper;
using Movento.Ingest.Assets;
using Npgsql;

namespace Movento.Ingest.Upload;

/// <summary>What a team may store and have under way at the same time.</summary>
internal sealed class UploadQuota(IngestOptions options)
{
    /// <summary>
    /// Whether the team may begin an upload. In a transaction: until it ends, no other upload of the team begins, so that two together do
    /// not take what only one of them may.
    /// </summary>
    /// <param name="bytes">The upload's length, where it is known.</param>
    public async Task<IngestError?> BeginAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid team, long? bytes, CancellationToken cancellationToken)
    {
        if (bytes > options.MaxUploadBytes) return IngestError.TooLarge;
        await LockAsync(connection, transaction, team, cancellationToken);
        var underWay = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            select (select count(*) from assets where team_id = @team and state = 'receiving')
              + (select count(*) from uploads where team_id = @team and state = 'open' and kind = 'part')
            """,
            new { team }, transaction, cancellationToken: cancellationToken));
        if (underWay >= options.MaxTeamUploads) return UploadErrors.TeamUploads;
        if (options.MaxTeamBytes <= 0) return null;
        // Of an upload whose length nobody knows yet, one byte must fit at least.
        return await TakenAsync(connection, transaction, team, cancellationToken) + (bytes ?? 1) > options.MaxTeamBytes ? UploadErrors.TeamQuota : null;
    }

    /// <summary>How many bytes more than what is counted already the team may have.</summary>
    public async Task<long> RoomAsync(NpgsqlConnection connection, Guid team, CancellationToken cancellationToken) =>
        options.MaxTeamBytes <= 0
            ? long.MaxValue
            : Math.Max(0, options.MaxTeamBytes - await TakenAsync(connection, null, team, cancellationToken));

    /// <summary>Whether an upload that nothing was counted of so far may be accepted; in a transaction, as <see cref="BeginAsync"/>.</summary>
    public async Task<bool> FitsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid team, long bytes, CancellationToken cancellationToken)
    {
        if (options.MaxTeamBytes <= 0) return true;
        await LockAsync(connection, transaction, team, cancellationToken);
        return await TakenAsync(connection, transaction, team, cancellationToken) + bytes <= options.MaxTeamBytes;
    }

    private static Task<int> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid team, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended('movento upload quota ' || @team, 0))", new { team = team.ToString() }, transaction,
            cancellationToken: cancellationToken));

    // Sources count as they were uploaded, and uploads under way with all that they will have. A concatenation is counted as its parts until
    // it is made.
    private static Task<long> TakenAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, Guid team, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            select (coalesce((select sum(bytes) from assets where team_id = @team and state <> 'deleting'), 0)
              + coalesce((select sum(coalesce(length, received)) from uploads
                  where team_id = @team and state in ('open', 'finishing') and kind <> 'joined'), 0))::bigint
            """,
            new { team }, transaction, cancellationToken: cancellationToken));
}
