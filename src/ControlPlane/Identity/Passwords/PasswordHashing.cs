using System.Buffers.Binary;
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
    public const int LongestLine = 32;

    /// <summary>The other half is for everything else that the process does.</summary>
    public static readonly int AtOnce = Math.Max(1, Environment.ProcessorCount / 2);

    private static readonly object NoUser = new();

    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions
    {
        CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV3,
        IterationCount = Iterations,
    }));

    private readonly ConcurrencyLimiter _line = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = AtOnce,
        QueueLimit = LongestLine,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>A hash of today's parameters that no password has.</summary>
    private readonly string _nobodysHash = RandomHash();

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        InLineAsync(() => _hasher.HashPassword(NoUser, password), cancellationToken);

    /// <summary>Checks <paramref name="password"/> against <paramref name="hash"/>; against nobody's hash where it is null, so that
    /// an account that does not exist costs the same work as one that does.</summary>
    public async Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        var result = await InLineAsync(
            () => _hasher.VerifyHashedPassword(NoUser, hash ?? _nobodysHash, password), cancellationToken);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }

    /// <summary>Waits in line for a processor; to be given back by disposing it.</summary>
    /// <exception cref="PasswordHashingBusyException">The line is full.</exception>
    public async Task<IDisposable> TakePlaceAsync(CancellationToken cancellationToken)
    {
        var place = await _line.AcquireAsync(1, cancellationToken);
        return place.IsAcquired ? place : throw new PasswordHashingBusyException();
    }

    public void Dispose() => _line.Dispose();

    // Format 3: the marker 1; big-endian the PRF (2 is HMAC-SHA-512), the iterations and the salt's length; 16 bytes of salt, 32 of key.
    private static string RandomHash()
    {
        var hash = RandomNumberGenerator.GetBytes(13 + 16 + 32);
        hash[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(1), 2);
        BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(5), Iterations);
        BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(9), 16);
        return Convert.ToBase64String(hash);
    }

    private async Task<T> InLineAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        using var place = await TakePlaceAsync(cancellationToken);
        // Kestrel may run handlers on the thread that polls the sockets, and this work would hold it for a tenth of a second.
        return await Task.Run(work, cancellationToken);
    }
}
