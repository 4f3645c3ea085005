using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Movento.ControlPlane.Identity.SecondFactor;

/// <summary>The codes of authenticator apps: TOTP (RFC 6238) with HMAC-SHA-1, six digits and steps of 30 seconds, which is what all of them know.</summary>
internal static class TimeBasedCode
{
    public const int Digits = 6;

    /// <summary>Of a secret, in bytes: as long as the hash (RFC 4226 §4, R6).</summary>
    public const int SecretLength = 20;

    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    /// <summary>Which step a moment lies in, from the Unix epoch.</summary>
    public static long StepOf(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    /// <summary>The code of a step.</summary>
    public static string Of(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238 with SHA-1: apps ignore other algorithms, and HMAC does not rest on collisions.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350

        // RFC 4226 §5.3: dynamic truncation.
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The step whose code this is: the one that is, or the one before (RFC 6238 §5.2: one step for what the way takes); null otherwise.</summary>
    public static long? StepOf(string code, byte[] secret, DateTimeOffset now)
    {
        if (code.Length != Digits) return null;
        var current = StepOf(now);
        long? found = null;
        for (var step = current - 1; step <= current; step++)
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(code), System.Text.Encoding.UTF8.GetBytes(Of(secret, step)))) found = step;
        return found;
    }
}
