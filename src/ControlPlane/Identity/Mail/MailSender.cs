using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.ControlPlane.Identity.Mail;

/// <summary>
/// Sends the mails that are owed, apart from the requests that asked for them. One that is not taken is tried again, later each time, for about a
/// day; what is owed stands in the database, so no death of a process loses it. One that was sent while a process died comes twice.
/// </summary>
internal sealed partial class MailSender(
    IdentityDatabase database, MailTexts texts, IMailer mailer, TimeProvider time, ILogger<MailSender> logger)
    : PeriodicWork(MailSender.Interval, time)
{
    /// <summary>One minute, two, four and so on, and six hours at most: a day and some hours.</summary>
    private const int MostAttempts = 12;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Sends what is due; the number of mails that went out.</summary>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var sent = 0;
        while (await ClaimAsync(cancellationToken) is { } owed)
        {
            try
            {
                // Null: there is nobody to write to.
                if (await texts.ComposeAsync(owed, cancellationToken) is { } mail)
                {
                    await mailer.SendAsync(mail, cancellationToken);
                    sent++;
                }
            }
            catch (MailException error)
            {
                if (owed.Attempts < MostAttempts)
                {
                    Log.NotTaken(logger, owed.Id, owed.Kind, owed.Attempts, error);
                    // What stops one stops the next.
                    return sent;
                }

                Log.GivenUp(logger, owed.Id, owed.Kind, error);
            }

            await RemoveAsync(owed.Id, cancellationToken);
        }

        return sent;
    }

    protected override Task WorkAsync(CancellationToken cancellationToken) => SendDueAsync(cancellationToken);

    protected override void Failed(NpgsqlException error) => Log.Unread(logger, error);

    // Whoever claims a mail has a minute for it before another process tries.
    private async Task<OwedMail?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<OwedMail>(new CommandDefinition(
            """
            UPDATE mails SET attempts = attempts + 1, due_at = @now + least(interval '1 minute' * power(2, attempts), interval '6 hours')
            WHERE id = (SELECT id FROM mails WHERE due_at <= @now ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id AS Id, kind AS Kind, email AS Email, user_id AS UserId, attempts AS Attempts
            """,
            new { now = Time.GetUtcNow() },
            cancellationToken: cancellationToken));
    }

    private async Task RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM mails WHERE id = @id", new { id }, cancellationToken: cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Warning, "Mail {MailId} ({Kind}) was not taken at attempt {Attempt}; it is tried again")]
        public static partial void NotTaken(ILogger logger, Guid mailId, string kind, int attempt, Exception exception);

        [LoggerMessage(3011, LogLevel.Error, "Mail {MailId} ({Kind}) is given up")]
        public static partial void GivenUp(ILogger logger, Guid mailId, string kind, Exception exception);

        [LoggerMessage(3012, LogLevel.Warning, "Which mails are owed cannot be read; it is tried again")]
        public static partial void Unread(ILogger logger, Exception exception);
    }
}
