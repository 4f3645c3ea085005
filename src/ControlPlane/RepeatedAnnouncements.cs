using Dapper;
using MassTransit;
using Npgsql;

namespace Movento.ControlPlane;

/// <summary>
/// Tells every area of what has happened: within a turn, and again later and later, since who must hear of it is not known here and may have been away.
/// Receivers do the same again without harm. What is owed stands in a table, whose rows say how often they were told; a row counts as told once the bus
/// has taken it.
/// </summary>
/// <typeparam name="TRow">A row that is due.</typeparam>
/// <param name="bus">Whom it is told.</param>
/// <param name="announcements">How often; the turn after forgets it.</param>
/// <param name="interval">From one turn to the next.</param>
/// <param name="time">The clock.</param>
internal abstract class RepeatedAnnouncements<TRow>(IBus bus, int announcements, TimeSpan interval, TimeProvider time) : PeriodicWork(interval, time)
    where TRow : class, IOwedAnnouncement
{
    // A bus whose broker is away takes a message whenever it is back, and until then keeps whoever brought it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Claims the row that is due longest at <c>@now</c>, counts it once more, and says when it is due again.</summary>
    protected abstract string Claim { get; }

    /// <summary>Deletes a row, by its own members.</summary>
    protected abstract string Forget { get; }

    /// <summary>Announces what is due, until the bus takes no more: the next turn goes on then.</summary>
    public async Task AnnounceDueAsync(CancellationToken cancellationToken)
    {
        while (await AnnounceOneAsync(cancellationToken))
        {
        }
    }

    /// <summary>The same within the request by which something is due. That is done, so whatever fails here is left to the next turn.</summary>
    public async Task AnnounceAtOnceAsync()
    {
        try
        {
            await AnnounceDueAsync(CancellationToken.None);
        }
        catch (NpgsqlException error)
        {
            Failed(error);
        }
    }

    protected abstract ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken);

    protected abstract object Message(TRow row);

    /// <summary>Says that the bus took no message.</summary>
    protected abstract void Untold(Exception error);

    protected override Task WorkAsync(CancellationToken cancellationToken) => AnnounceDueAsync(cancellationToken);

    // Whether there may be another one. The row is locked until the bus has taken it, and is due as before where it has not.
    private async Task<bool> AnnounceOneAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<TRow>(new CommandDefinition(
            Claim, new { now = Time.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        if (row is null) return false;
        if (row.Announced > announcements) await connection.ExecuteAsync(new CommandDefinition(Forget, row, transaction, cancellationToken: cancellationToken));
        else if (!await TellAsync(row, cancellationToken)) return false;
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<bool> TellAsync(TRow row, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await bus.Publish(Message(row), patience.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever the broker's client throws, the row is still due.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Untold(error);
            return false;
        }
    }
}

/// <summary>What is to be told.</summary>
internal interface IOwedAnnouncement
{
    /// <summary>How often it was told, this time among them.</summary>
    int Announced { get; }
}
