using Dapper;
using MassTransit;
using Movento.Contracts;

namespace Movento.ControlPlane.Identity.ApiKeys;

/// <summary>Whose key it is, as it is now: asked for at every request.</summary>
internal sealed class ApiKeyHolders(IdentityDatabase database, TimeProvider time) : IApiKeyHolders
{
    /// <summary>How exactly the last use is noted: a write a request would be a row that everybody waits for.</summary>
    private static readonly TimeSpan UseResolution = TimeSpan.FromMinutes(1);

    public async Task<ApiKeyHolder?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT k.id AS KeyId, u.id AS UserId, u.roles AS Roles, k.scopes AS Scopes, k.last_used_at AS LastUsedAt
            FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.hash = @hash AND (k.expires_at IS NULL OR k.expires_at > @now) AND u.disabled_at IS NULL
            """,
            new { hash, now },
            cancellationToken: cancellationToken));
        if (row is null) return null;
        if (row.LastUsedAt is not { } used || used + UseResolution <= now.UtcDateTime)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE api_keys SET last_used_at = @now WHERE id = @KeyId", new { row.KeyId, now }, cancellationToken: cancellationToken));
        }

        return new ApiKeyHolder(row.KeyId, row.UserId, row.Roles, row.Scopes);
    }

    private sealed class Row
    {
        public required Guid KeyId { get; init; }
        public required Guid UserId { get; init; }
        public required string[] Roles { get; init; }
        public required string[] Scopes { get; init; }
        public required DateTime? LastUsedAt { get; init; }
    }
}

/// <summary>Answers other processes, which do not reach this schema.</summary>
internal sealed class AnswerApiKeyQuestion(IApiKeyHolders holders) : IConsumer<ApiKeyQuestion>
{
    public async Task Consume(ConsumeContext<ApiKeyQuestion> context) =>
        await context.RespondAsync(new ApiKeyAnswer(await holders.FindAsync(context.Message.Hash, context.CancellationToken)));
}
