using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary>
/// Hashes and checks passwords: with <see cref="Bcrypt"/>, or, where the system has no crypt(3), PBKDF2 with HMAC-SHA-512 in ASP.NET Identity's
/// format 3. Both carry their parameters; what is verified with others than today's is to be hashed anew. Half the processors at most hash at one time
/// and a bounded line waits; past it, <see cref="PasswordHashingBusyException"/>.
/// </summary>
internal sealed class PasswordHashing : IDisposable
{
    /// <summary>Of PBKDF2: OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA512.</summary>
    public const int Iterations = 210_000;

    /// <summary>A hash takes about a quarter of a second, so the last in line waits some seconds.</summary>
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

    private readonly Bcrypt _bcrypt;
    private readonly bool _hasBcrypt;

    /// <summary>A hash of today's parameters that no password has.</summary>
    private readonly string _nobodysHash;

    /// <param name="keys">Has the key under every bcrypt.</param>
    /// <param name="cost">Of bcrypt: 2 to the power of it rounds.</param>
    /// <param name="hasBcrypt">Whether the system has <see cref="Crypt"/>.</param>
    public PasswordHashing(IdentityKeys keys, int cost, bool hasBcrypt)
    {
        _bcrypt = new Bcrypt(keys.Passwords, cost);
        _hasBcrypt = hasBcrypt;
        _nobodysHash = hasBcrypt ? _bcrypt.Nobodys() : RandomPbkdf2();
    }

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        InLineAsync(() => _hasBcrypt ? _bcrypt.Hash(password) : _hasher.HashPassword(NoUser, password), cancellationToken);

    /// <summary>Checks <paramref name="password"/> against <paramref name="hash"/>; against nobody's hash where it is null, so that
    /// an account that does not exist costs the same work as one that does.</summary>
    public async Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        var result = await InLineAsync(() => Verify(hash ?? _nobodysHash, password), cancellationToken);
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

    private PasswordVerificationResult Verify(string hash, string password)
    {
        if (!Bcrypt.Made(hash))
        {
            var result = _hasher.VerifyHashedPassword(NoUser, hash, password);
            return result == PasswordVerificationResult.Success && _hasBcrypt ? PasswordVerificationResult.SuccessRehashNeeded : result;
        }

        if (!_hasBcrypt) throw new InvalidOperationException("The password was hashed with bcrypt on a machine that has libcrypt.so.1; this one has not.");
        return !_bcrypt.Verify(hash, password) ? PasswordVerificationResult.Failed
            : _bcrypt.IsOutdated(hash) ? PasswordVerificationResult.SuccessRehashNeeded
            : PasswordVerificationResult.Success;
    }

    // Format 3: the marker 1; big-endian the PRF (2 is HMAC-SHA-512), the iterations and the salt's length; 16 bytes of salt, 32 of key.
    private static string RandomPbkdf2()
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
        // Kestrel may run handlers on the thread that polls the sockets, and this work would hold it for a quarter of a second.
        return await Task.Run(work, cancellationToken);
    }
}
