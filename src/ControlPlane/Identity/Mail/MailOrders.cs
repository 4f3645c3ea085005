using Dapper;
using Npgsql;

namespace Movento.ControlPlane.Identity.Mail;

/// <summary>Notes which mails are owed; <see cref="MailSender"/> makes and sends them.</summary>
internal sealed class MailOrders(IdentityDatabase database, TimeProvider time)
{
    /// <summary>Owes a mail to an address, whether it has an account or not.</summary>
    public async Task AddAsync(string kind, string email, Guid? userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await AddAsync(connection, kind, email, userId, cancellationToken);
    }

    /// <summary>As above, in the caller's transaction.</summary>
    public Task AddAsync(NpgsqlConnection connection, string kind, string email, Guid? userId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO mails (id, kind, email, user_id, created_at, due_at) VALUES (@id, @kind, @email, @userId, @now, @now)",
            new { id = Guid.CreateVersion7(now), kind, email, userId, now },
            cancellationToken: cancellationToken));
    }

    /// <summary>Owes the user no mail of this kind any more, in the caller's transaction.</summary>
    public static Task ForgetAsync(NpgsqlConnection connection, string kind, Guid userId, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition("DELETE FROM mails WHERE kind = @kind AND user_id = @userId", new { kind, userId }, cancellationToken: cancellationToken));
}
