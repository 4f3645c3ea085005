using Dapper;
using Movento.ControlPlane.Identity.Links;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.Identity.Sessions;
using Npgsql;

namespace Movento.ControlPlane.Identity.Accounts;

/// <summary>Spends the link that was mailed to an account's new address: the account has that address from then on, every session is over, every other link of
/// the account is of no use, and the address of before gets a note.</summary>
internal sealed class MoveEmail(IdentityDatabase database, EndedSessions ended, MailOrders mails, TimeProvider time)
{
    /// <summary>Whether it has had its effect; false, and nothing done, where the link is none of these (any more) or another account has the address by now.</summary>
    public async Task<bool> TryAsync(string token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        EndedSession[] over;
        await using (var connection = await database.OpenAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            var moved = await connection.QuerySingleOrDefaultAsync<Moved>(new CommandDefinition(
                $"""
                WITH spent AS (DELETE FROM link_tokens WHERE {LinkTokens.IsGood} AND purpose = '{LinkPurpose.Move}' RETURNING user_id, email)
                SELECT u.id AS Id, u.email AS OldEmail, spent.email AS NewEmail FROM spent JOIN users u ON u.id = spent.user_id FOR UPDATE OF u
                """,
                new { hash = OneTimeSecret.Hash(token), now },
                cancellationToken: cancellationToken));
            if (moved is null) return false;
            try
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "UPDATE users SET email = @NewEmail, confirmed_at = @now WHERE id = @Id", new { moved.Id, moved.NewEmail, now }, cancellationToken: cancellationToken));
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // Somebody opened an account with it since the link was sent.
                return false;
            }

            await connection.ExecuteAsync(new CommandDefinition("DELETE FROM link_tokens WHERE user_id = @Id", new { moved.Id }, cancellationToken: cancellationToken));
            over = await SignInSessions.EndOthersAsync(connection, moved.Id, except: null, now, cancellationToken);
            await mails.AddAsync(connection, MailKind.EmailChanged, moved.OldEmail, moved.Id, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        await ended.TellAsync(over);
        return true;
    }

    private sealed class Moved
    {
        public required Guid Id { get; init; }
        public required string OldEmail { get; init; }
        public required string NewEmail { get; init; }
    }
}
