using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Movento.Contracts;

namespace Movento.Ingest.Webhooks;

/// <summary>
/// Signs messages as Standard Webhooks says (standardwebhooks.com, "Signature scheme"): HMAC-SHA256 over <c>{id}.{timestamp}.{body}</c>. The
/// keys are derived from the installation's secret, the endpoint and a number that counts its rotations.
/// </summary>
internal sealed class WebhookSigner(ContentKeySecret secret)
{
    /// <summary>The secret as an endpoint's owner is given it: <c>whsec_</c> and the key in base64.</summary>
    public string SecretOf(Guid endpoint, int number)
    {
        Span<byte> key = stackalloc byte[ContentKeySecret.WebhookKeyLength];
        secret.DeriveWebhookKey(endpoint, number, key);
        var text = "whsec_" + Convert.ToBase64String(key);
        CryptographicOperations.ZeroMemory(key);
        return text;
    }

    /// <summary>The header <c>webhook-signature</c>: <c>v1,</c> and the signature in base64, one for each number, with spaces between them.</summary>
    public string Sign(Guid endpoint, IEnumerable<int> numbers, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var start = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        Span<byte> key = stackalloc byte[ContentKeySecret.WebhookKeyLength];
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var header = new StringBuilder();
        foreach (var number in numbers)
        {
            secret.DeriveWebhookKey(endpoint, number, key);
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(start);
            hmac.AppendData(body);
            hmac.GetHashAndReset(signature);
            if (header.Length > 0) header.Append(' ');
            header.Append("v1,").Append(Convert.ToBase64String(signature));
        }
        CryptographicOperations.ZeroMemory(key);
        return header.ToString();
    }
}
