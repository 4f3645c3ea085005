using Dapper;
using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Viewing;

/// <summary>An account is gone: nothing of what it watched is kept. No player of it can say anything late, for nobody is signed in.</summary>
internal sealed class ForgetUser(ViewingDatabase database) : IConsumer<AccountDeleted>
{
    public async Task Consume(ConsumeContext<AccountDeleted> context)
    {
        await using var connection = await database.OpenAsync(context.CancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM watched WHERE user_id = @UserId; DELETE FROM erasures WHERE user_id = @UserId; DELETE FROM announced_erasures WHERE user_id = @UserId",
            new { context.Message.UserId },
            cancellationToken: context.CancellationToken));
    }
}
