using Dapper;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>What other areas may ask of sessions: to grant playback in the name of one, so that it ends with it.</summary>
internal sealed class SessionPlayback(IdentityDatabase database)
{
    /// <summary>Notes that the session plays until then at most; false where it is over, or not this user's. Of a grant and a log-out at the same
    /// time one is first: either the log-out takes the grant back, or there is none.</summary>
    public async Task<bool> TryBindAsync(Guid session, Guid user, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE sessions SET plays_until = greatest(plays_until, @until) WHERE id = @session AND user_id = @user AND revoked_at IS NULL",
            new { session, user, until },
            cancellationToken: cancellationToken)) == 1;
    }
}
