using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Movento.ControlPlane.Billing.Webhooks;

/// <summary>
/// The header <c>Stripe-Signature</c>: <c>t=seconds,v1=hex,…</c>, where each <c>v1</c> is HMAC-SHA-256 of <c>{t}.{body}</c> under a signing secret. While a secret is
/// rolled there are several. Other schemes (<c>v0</c>) prove nothing.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>How far from now the time in the header may be: what was caught is no good later.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    private const int MaxHeaderLength = 4096;

    private const int MaxSignatures = 16;

    /// <summary>Whether one of the secrets signed the body, within the tolerance.</summary>
    /// <param name="header">As it came.</param>
    /// <param name="body">The raw bytes.</param>
    public static WebhookSignatureOutcome Check(string? header, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(header) || header.Length > MaxHeaderLength) return WebhookSignatureOutcome.Malformed;
        string? timeText = null;
        var signatures = new List<byte[]>();
        foreach (var part in header.Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) return WebhookSignatureOutcome.Malformed;
            var name = part.AsSpan(0, equals).Trim();
            var value = part[(equals + 1)..].Trim();
            if (name is "t")
            {
                if (timeText is not null) return WebhookSignatureOutcome.Malformed;
                timeText = value;
            }
            else if (name is "v1")
            {
                if (signatures.Count == MaxSignatures) return WebhookSignatureOutcome.Malformed;
                // One that is no hexadecimal number matches nothing; another one beside it still may.
                if (value.Length == HMACSHA256.HashSizeInBytes * 2 && value.All(char.IsAsciiHexDigit)) signatures.Add(Convert.FromHexString(value));
            }
        }

        if (timeText is null || !long.TryParse(timeText, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return WebhookSignatureOutcome.Malformed;

        var signed = new byte[Encoding.ASCII.GetByteCount(timeText) + 1 + body.Length];
        var prefix = Encoding.ASCII.GetBytes(timeText, signed);
        signed[prefix] = (byte)'.';
        body.CopyTo(signed.AsSpan(prefix + 1));

        // Every one against every secret, each in constant time: how long it takes says nothing about which came close.
        var matches = false;
        foreach (var secret in secrets)
        {
            var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
            foreach (var signature in signatures) matches |= CryptographicOperations.FixedTimeEquals(expected, signature);
        }

        if (!matches) return WebhookSignatureOutcome.Forged;
        // The time is believed once it is known who wrote it.
        return Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) <= (decimal)Tolerance.TotalSeconds ? WebhookSignatureOutcome.Valid : WebhookSignatureOutcome.Stale;
    }
}

/// <summary>What a signature is worth.</summary>
internal enum WebhookSignatureOutcome
{
    /// <summary>One of the secrets signed this body now.</summary>
    Valid,

    /// <summary>There is no header, or it is none.</summary>
    Malformed,

    /// <summary>None of the secrets signed this body.</summary>
    Forged,

    /// <summary>It was signed too long ago, or in the future.</summary>
    Stale,
}
