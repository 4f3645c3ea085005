using Dapper;
using MassTransit;
using Npgsql;

namespace Movento.ControlPlane;

/// <summary>
/// Tells every area of what has happened: within a turn, and again later and later, since who must hear of it is not known here and may have been away.
/// Receivers do the same again without harm. What is owed stands in a table, whose rows say how often they were told.
/// </summary>
/// <typeparam name="TRow">A row that is due.</typeparam>
/// <param name="bus">Whom it is told.</param>
/// <param name="announcements">How often; the turn after forgets it.</param>
/// <param name="interval">From one turn to the next.</param>
/// <param name="time">The clock.</param>
internal abstract class RepeatedAnnouncements<TRow>(IBus bus, int announcements, TimeSpan interval, TimeProvider time) : PeriodicWork(interval, time)
    where TRow : class, IOwedAnnouncement
{
    /// <summary>Claims the row that is due longest at <c>@now</c>, counts it once more, and says when it is due again.</summary>
    protected abstract string Claim { get; }

    /// <summary>Deletes a row, by its own members.</summary>
    protected abstract string Forget { get; }

    /// <summary>Announces what is due.</summary>
    public async Task AnnounceDueAsync(CancellationToken cancellationToken)
    {
        while (await ClaimAsync(cancellationToken) is { } row)
        {
            if (row.Announced <= announcements) await bus.Publish(Message(row), cancellationToken);
            else await ForgetAsync(row, cancellationToken);
        }
    }

    protected abstract ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken);

    protected abstract object Message(TRow row);

    protected override Task WorkAsync(CancellationToken cancellationToken) => AnnounceDueAsync(cancellationToken);

    private async Task<TRow?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<TRow>(new CommandDefinition(Claim, new { now = Time.GetUtcNow() }, cancellationToken: cancellationToken));
    }

    private async Task ForgetAsync(TRow row, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Forget, row, cancellationToken: cancellationToken));
    }
}

/// <summary>What is to be told.</summary>
internal interface IOwedAnnouncement
{
    /// <summary>How often it was told, this time among them.</summary>
    int Announced { get; }
}
