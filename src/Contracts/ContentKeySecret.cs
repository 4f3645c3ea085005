using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Movento.Contracts;

/// <summary>
/// The secret of an installation from which the keys of its films are derived (docs/formats/content-keys.md): the worker that encrypts
/// and the edge that gives keys out share it, and nothing else has to pass between them. The keys of webhooks are derived from it too, each
/// use with a label of its own. No text of this object holds it.
/// </summary>
public sealed class ContentKeySecret
{
    /// <summary>Bytes of the secret: the output size of HMAC-SHA-256, as RFC 2104 §3 recommends.</summary>
    public const int Length = 32;

    /// <summary>Bytes of a content key: AES-128.</summary>
    public const int KeyLength = 16;

    /// <summary>Bytes of a webhook's signing key: within the 24 to 64 that Standard Webhooks recommends.</summary>
    public const int WebhookKeyLength = HMACSHA256.HashSizeInBytes;

    private readonly byte[] _secret;

    /// <param name="secret">Copied.</param>
    /// <exception cref="ArgumentException">The secret is not <see cref="Length"/> bytes.</exception>
    public ContentKeySecret(ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Length)
            throw new ArgumentException($"The content key secret is {Length} bytes.", nameof(secret));
        _secret = secret.ToArray();
    }

    // Parts this use of the secret from any other that may come.
    private static ReadOnlySpan<byte> Label => "movento content key 1"u8;

    private static ReadOnlySpan<byte> WebhookLabel => "movento webhook key 1"u8;

    /// <summary>The key that signs what is sent to a webhook endpoint (docs/formats/webhooks.md).</summary>
    /// <param name="endpoint">The endpoint's id.</param>
    /// <param name="number">From 1, counted up when the key is replaced.</param>
    /// <param name="key">Takes <see cref="WebhookKeyLength"/> bytes.</param>
    public void DeriveWebhookKey(Guid endpoint, int number, Span<byte> key)
    {
        const int IdLength = 16;
        Span<byte> message = stackalloc byte[WebhookLabel.Length + IdLength + sizeof(int)];
        WebhookLabel.CopyTo(message);
        endpoint.TryWriteBytes(message[WebhookLabel.Length..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(message[(WebhookLabel.Length + IdLength)..], number);
        HMACSHA256.HashData(_secret, message, key);
    }

    /// <summary>The key of an asset with an id.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="keyId">KID: 16 bytes as a number in their order.</param>
    /// <param name="key">Takes <see cref="KeyLength"/> bytes.</param>
    public void Derive(AssetId asset, UInt128 keyId, Span<byte> key)
    {
        const int IdLength = 16;
        Span<byte> message = stackalloc byte[Label.Length + 2 * IdLength];
        Label.CopyTo(message);
        asset.Value.TryWriteBytes(message[Label.Length..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt128BigEndian(message[(Label.Length + IdLength)..], keyId);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, message, hash);
        hash[..KeyLength].CopyTo(key);
        CryptographicOperations.ZeroMemory(hash);
    }
}
