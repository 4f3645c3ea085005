using System.Buffers.Text;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary>
/// Hashes and checks passwords: PBKDF2 with HMAC-SHA-512 in ASP.NET Identity's format 3, which carries its own parameters. Half the
/// processors at most hash at one time and a bounded line waits; past it, <see cref="PasswordHashingBusyException"/>.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    /// <summary>OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA512.</summary>
    public const int Iterations = 210_000;

    /// <summary>A hash takes about a tenth of a second, so the last in line waits a few seconds.</summary>
    private const int LongestLine = 64;

    private static readonly object NoUser = new();

    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions
    {
        CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV3,
        IterationCount = Iterations,
    }));

    private readonly ConcurrencyLimiter _line = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = LongestLine,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private readonly Lazy<string> _nobodysHash;

    public PasswordHashing() =>
        _nobodysHash = new(() => _hasher.HashPassword(NoUser, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))));

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        InLineAsync(() => _hasher.HashPassword(NoUser, password), cancellationToken);

    /// <summary>Checks <paramref name="password"/> against <paramref name="hash"/>; against nobody's hash where it is null, so that
    /// an account that does not exist costs the same work as one that does.</summary>
    public async Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        var result = await InLineAsync(
            () => _hasher.VerifyHashedPassword(NoUser, hash ?? _nobodysHash.Value, password), cancellationToken);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    public void Dispose() => _line.Dispose();

    private async Task<T> InLineAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        using var place = await _line.AcquireAsync(1, cancellationToken);
        if (!place.IsAcquired) throw new PasswordHashingBusyException();
        // Kestrel may run handlers on the thread that polls the sockets, and this work would hold it for a tenth of a second.
        return await Task.Run(work, cancellationToken);
    }
}
