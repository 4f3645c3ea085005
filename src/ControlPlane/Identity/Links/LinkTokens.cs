using Dapper;

namespace Movento.ControlPlane.Identity.Links;

/// <summary>The secrets in the links of mails: 256 random bits, known to the database by their SHA-256 only, good once and for a while. Slices spend
/// one by deleting its row in the statement that has its effect.</summary>
internal sealed class LinkTokens(IdentityDatabase database, TimeProvider time)
{
    /// <summary>What a slice needs of <c>link_tokens</c> to spend one: parameters @hash, @now and a purpose of its own.</summary>
    public const string IsGood = "hash = @hash AND expires_at > @now";

    public static readonly Http.Problem InvalidLink = new(
        Microsoft.AspNetCore.Http.StatusCodes.Status400BadRequest, "invalid_link", "This link was used already, or is too old.")
    {
        Hint = "Ask for another mail.",
    };

    /// <summary>A new one: 43 characters of base64url.</summary>
    public async Task<string> CreateAsync(Guid userId, string purpose, string email, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var token = OneTimeSecret.New();
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO link_tokens (hash, user_id, purpose, email, expires_at) VALUES (@hash, @userId, @purpose, @email, @expires)",
            new { hash = OneTimeSecret.Hash(token), userId, purpose, email, expires = time.GetUtcNow() + lifetime },
            cancellationToken: cancellationToken));
        return token;
    }
}
