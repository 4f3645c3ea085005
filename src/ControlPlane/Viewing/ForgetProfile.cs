using Dapper;
using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Viewing;

/// <summary>A profile is gone: nothing of what was watched in it is kept, nor what players say that still hold an access token for it.</summary>
internal sealed class ForgetProfile(ViewingDatabase database) : IConsumer<ProfileDeleted>
{
    // An access token lives for a day at most (ControlPlaneOptions).
    private static readonly TimeSpan TokensAreOver = TimeSpan.FromDays(2);

    public async Task Consume(ConsumeContext<ProfileDeleted> context)
    {
        var (user, profile, deletedAt) = (context.Message.UserId, context.Message.ProfileId, context.Message.DeletedAt);
        await using var connection = await database.OpenAsync(context.CancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO erasures AS e (user_id, profile_id, erased_at) VALUES (@user, @profile, @until)
            ON CONFLICT (user_id, profile_id) DO UPDATE SET erased_at = greatest(e.erased_at, excluded.erased_at);
            DELETE FROM watched WHERE user_id = @user AND profile_id = @profile;
            DELETE FROM announced_erasures WHERE user_id = @user AND profile_id = @profile
            """,
            new { user, profile, until = (deletedAt + TokensAreOver).UtcDateTime },
            cancellationToken: context.CancellationToken));
    }
}
