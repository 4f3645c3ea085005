namespace Movento.Contracts;

/// <summary>Knows whose a program's key is: identity itself, or whoever asks it.</summary>
public interface IApiKeyHolders
{
    /// <summary>Whose it is now; null where it is nobody's (any more).</summary>
    /// <param name="hash">See <see cref="ApiKeyFormat.TryHash"/>.</param>
    /// <exception cref="TimeoutException">Nobody could be asked.</exception>
    Task<ApiKeyHolder?> FindAsync(byte[] hash, CancellationToken cancellationToken);
}

/// <summary>Whom a key stands for.</summary>
/// <param name="KeyId">The key's own id.</param>
/// <param name="UserId">Its owner.</param>
/// <param name="Roles">That its owner has now.</param>
/// <param name="Scopes">Of <see cref="ApiKeyScope.All"/>.</param>
public sealed record ApiKeyHolder(Guid KeyId, Guid UserId, IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes);
